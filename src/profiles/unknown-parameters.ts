import type { TObject } from '@sinclair/typebox'
import type { onRequestHookHandler } from 'fastify'
import { withoutJwt } from '../values/secrets.ts'
import { callOf } from './call.ts'

const longestNameShown = 100

/** [query.unknown] A parameter that nobody documents is ignored (A), and the client should know that it is. */
export function noteUnknownParameters(query: TObject | undefined): onRequestHookHandler {
  const known = new Set(Object.keys(query?.properties ?? {}).flatMap((name) => [name, `${name}[]`]))
  return (request, _reply, done) => {
    const { path, violations } = callOf(request)
    // Most calls have no query.
    if (path.length === request.url.length) return done()
    for (const name of Object.keys(request.query as object)) {
      if (known.has(name)) continue
      const shown = withoutJwt(name).slice(0, longestNameShown)
      violations.add({
        path: shown,
        rule: 'unknown-parameter',
        message: `the query parameter ${shown} is not documented and was ignored`,
        expected: 'a documented parameter',
        got: shown,
      })
    }
    done()
  }
}
