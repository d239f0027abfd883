import type { IncomingMessage } from 'node:http'

/** [transport.base-path] Where the vendor's API stands on every server the document names (S). */
export const basePath = '/api/mind'

/** Where our own control plane stands (WireMock's word). */
export const adminPath = '/__admin'

/** What stood before the address of a request that was handed on without it, such as `/__sandbox/a`. */
export const reachedBelow = new WeakMap<IncomingMessage, string>()
