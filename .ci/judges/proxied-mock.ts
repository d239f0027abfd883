import { writeFile } from 'node:fs/promises'
import type { Given } from '../../src/settings.ts'
import { type Program, startProgram } from './program.ts'

export type ProxiedMock = {
  /** The mock itself. */
  origin: string
  /** Prism in front of the mock's base path. */
  proxy: string
  stop: () => Promise<void>
}

/** The built mock with these settings, and Prism in front of it, both on free ports. */
export async function startProxiedMock(
  { folder, document }: { folder: string; document: string },
  settings: Given,
): Promise<ProxiedMock> {
  const config = `${folder}/settings.json`
  await writeFile(config, JSON.stringify(settings))
  const mock = await startProgram(
    ['dist/src/cli.js', '--port', '0', '--config', config],
    /API +(\S+)\/api\/mind\n/,
  )
  const prism = await startPrism(folder, document, mock).catch(async (error) => {
    await mock.stop()
    throw error
  })
  return {
    origin: mock.printed,
    proxy: prism.printed,
    stop: async () => {
      await prism.stop()
      await mock.stop()
    },
  }
}

// Requests are wrong on purpose: what Prism says of them could crowd what it says of the answers out of the header.
// Its own CORS would answer preflights in the mock's place.
const startPrism = (folder: string, document: string, mock: Program) =>
  startProgram(
    [
      `${folder}/node_modules/.bin/prism`,
      'proxy',
      document,
      `${mock.printed}/api/mind`,
      '--port=0',
      '--validate-request=false',
      '--cors=false',
    ],
    /Prism is listening on (\S+)\n/,
  )
