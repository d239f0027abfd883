import type { FastifyInstance } from 'fastify'
import { basePath } from '../../src/http/paths.ts'
import { createTokens } from '../../src/http/tokens.ts'
import { developmentSecret } from '../../src/start.ts'

const tokens = await createTokens(developmentSecret, Date.now)

/** The header that signs in on loopback, where nobody has set another secret. */
export const bearer = (userId = 1) => ({ authorization: `Bearer ${tokens.sign(userId)}` })

/** Calls the vendor's paths without a socket, as somebody who has signed in. */
export function signedIn(app: Pick<FastifyInstance, 'inject'>, userId = 1, own: Record<string, string> = {}) {
  const headers = { 'content-type': 'application/json', ...bearer(userId), ...own }
  return {
    patch: (items: readonly unknown[], more: Record<string, string> = {}) =>
      app.inject({
        method: 'PATCH',
        url: `${basePath}/profiles`,
        headers: { ...headers, ...more },
        payload: JSON.stringify({ profiles: items }),
      }),
    get: (path: string, more: Record<string, string> = {}) =>
      app.inject({ url: basePath + path, headers: { ...headers, ...more } }),
  }
}
