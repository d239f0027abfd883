import { basePath } from '../http/paths.ts'

/** What a call is matched by, of the journal and of faults alike. */
export type CallMatch = { method?: string; path?: string; userId?: number }

/**
 * Says whether a call is meant. The method may be in any case, the path as it is called or below the base path; `*` and
 * `{id}` stand for one part of it.
 */
export function matchCall({ method, path, userId }: CallMatch) {
  const wantedMethod = method?.toUpperCase()
  const pattern = path === undefined ? undefined : patternOf(path)
  return (call: { method: string; path: string; userId?: number | undefined }): boolean =>
    (wantedMethod === undefined || call.method === wantedMethod) &&
    (pattern === undefined || pattern.test(belowBase(call.path))) &&
    (userId === undefined || call.userId === userId)
}

function patternOf(path: string): RegExp {
  const parts = belowBase(path).split('/')
  const source = parts.map((part) =>
    /^(\*|\{.*\})$/.test(part) ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  )
  return new RegExp(`^${source.join('/')}$`)
}

/** A mount or a sandbox may stand before the base path. */
function belowBase(path: string): string {
  const at = `${path}/`.indexOf(`${basePath}/`)
  return at === -1 ? path : path.slice(at + basePath.length)
}
