import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** By its own name, so that the path is the same from the sources and from the build. */
const require = createRequire(import.meta.url)

/** This package's version and the Node versions it supports. */
export const packageInfo: { version: string; engines: { node: string } } = require('enneo-mock/package.json')

/** The file of the seed that is used when none is named. */
export const defaultSeedFile: string = require.resolve('enneo-mock/fixtures/default-seed.json')

/** The folder of the contract cases. */
export const casesFolder = (): string =>
  dirname(require.resolve('enneo-mock/fixtures/cases/update-profiles.yaml'))

/** The folder of the console's page. */
export const pageFolder = (): string =>
  join(dirname(require.resolve('enneo-mock/package.json')), 'src/console/page')

/** The folder of another package, if it is installed. */
export function folderOf(name: string): string | undefined {
  try {
    return dirname(require.resolve(`${name}/package.json`))
  } catch {
    return undefined
  }
}

/** Whether an optional package is missing, as an import tells it or a `require`. */
export const isNotInstalled = ({ code }: NodeJS.ErrnoException): boolean =>
  code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND'

/** Whether this package has its sources beside it, as in a checkout of the project; an installed one has not. */
export const isCheckout = (root: string = dirname(require.resolve('enneo-mock/package.json'))): boolean =>
  existsSync(join(root, 'schemas'))
