import { operations } from '../../schemas/operations.ts'
import { adminPath, basePath } from './paths.ts'

const partsOf = (path: string) => path.split('/').filter((part) => part !== '')
const vendorPaths = operations.map(({ path }) => partsOf(path))

/** An address of more parts is no slip, and looking at it from each of them would take seconds. */
const mostParts = 32

/** What the control plane has, by the first part of each path below it. */
export const adminParts = [
  'health',
  'metrics',
  'tokens',
  'reset',
  'state',
  'snapshots',
  'requests',
  'events',
  'verify',
  'coverage',
  'faults',
  'settings',
  'scenario',
  'sandboxes',
  'reference',
]

/**
 * [route.meant] The address that was probably meant by one that is unknown: another beginning, a slash too many, or
 * capital letters. `prefix` is where the mock is mounted.
 */
export function meantPath(path: string, prefix = ''): string | undefined {
  const parts = partsOf(path)
  if (parts.length > mostParts) return undefined
  const isAboutMock = parts.some((part) => /admin/i.test(part))
  const readings = isAboutMock ? [controlPath, vendorPath] : [vendorPath, controlPath]
  for (const reading of readings) {
    for (let start = 0; start < parts.length; start += 1) {
      const meant = reading(parts.slice(start))
      if (meant !== undefined && prefix + meant !== path) return prefix + meant
    }
  }
  return undefined
}

/** What to add to a sentence about an unknown address. */
export function didYouMean(path: string, prefix?: string): string {
  const meant = meantPath(path, prefix)
  return meant === undefined ? '' : `; did you mean ${meant}?`
}

function vendorPath(parts: readonly string[]): string | undefined {
  const known = vendorPaths.find(
    (pattern) =>
      pattern.length === parts.length && pattern.every((part, index) => fits(part, parts[index] as string)),
  )
  return known && `${basePath}/${known.map((part, index) => (isId(part) ? parts[index] : part)).join('/')}`
}

const isId = (part: string) => part.startsWith('{')
const fits = (pattern: string, part: string) =>
  isId(pattern) ? /^\d+$/.test(part) : pattern.toLowerCase() === part.toLowerCase()

function controlPath([first = '', ...rest]: readonly string[]): string | undefined {
  const known = first.toLowerCase()
  return adminParts.includes(known) ? [adminPath, known, ...rest].join('/') : undefined
}
