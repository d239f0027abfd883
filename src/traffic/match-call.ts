import { basePath } from '../http/paths.ts'

/** What a call is matched by, of the journal and of faults alike. */
export type CallMatch = { method?: string; path?: string; userId?: number }

/**
 * Says whether a call is meant. The method may be in any case, the path as it is called or below the base path; `*` and
 * `{id}` stand for one part of it.
 */
export function matchCall({ method, path, userId }: CallMatch) {
  const wantedMethod = method?.toUpperCase()
  const isMeant = path === undefined ? () => true : pathMatcher(path)
  return (call: { method: string; path: string; userId?: number | undefined }): boolean =>
    (wantedMethod === undefined || call.method === wantedMethod) &&
    isMeant(call.path) &&
    (userId === undefined || call.userId === userId)
}

/** Part by part: the engine of regular expressions gives up on what is long. */
function pathMatcher(path: string): (called: string) => boolean {
  const wanted = belowBase(path)
    .split('/')
    .map((part) => (/^(\*|\{.*\})$/.test(part) ? anything : part))
  return (called) => {
    const parts = belowBase(called).split('/')
    return (
      parts.length === wanted.length &&
      wanted.every((part, index) => (part === anything ? parts[index] !== '' : part === parts[index]))
    )
  }
}

const anything = Symbol('one part of a path')

/** A mount or a sandbox may stand before the base path. */
function belowBase(path: string): string {
  const at = `${path}/`.indexOf(`${basePath}/`)
  return at === -1 ? path : path.slice(at + basePath.length)
}
