import { URL } from 'node:url'

/**
 * Says whether pages of this origin may use the mock: none, the same, a loopback name on any port, or a listed one
 * [cors.trusted].
 */
export type TrustsOrigin = (origin: string | undefined, host: string | undefined) => boolean

export function createTrustsOrigin(listed: readonly string[]): TrustsOrigin {
  return (origin, host) => {
    if (origin === undefined || listed.includes(origin)) return true
    // [cors.foreign] Sandboxed pages and files send the word null, and anybody can make one.
    if (!/^https?:/.test(origin) || !URL.canParse(origin)) return false
    const url = new URL(origin)
    return url.host === host || isLoopbackName(url.hostname)
  }
}

/** `localhost`, `*.localhost`, `127.0.0.1` and its block, or `[::1]`: names that only this machine answers to. */
export function isLoopbackName(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/.test(hostname)
}
