import type { FastifyInstance } from 'fastify'
import { didYouMean } from '../http/meant-path.ts'
import { basePath } from '../http/paths.ts'
import { type Refusal, refusal } from './refusal.ts'

/**
 * What to say of a path or method that no route of this scope answers: 405 with `Allow` when the path is known
 * [route.method], else 404 [route.unknown]. Paths are compared to the letter [route.to-the-letter]. Must be called
 * before the scope's routes are added.
 */
export function watchRoutes(app: FastifyInstance): (method: string, path: string) => Refusal {
  const allowed = new Map<string, { pattern: RegExp; methods: Set<string> }>()
  app.addHook('onRoute', ({ url, method }) => {
    const route = allowed.get(url) ?? { pattern: patternOf(url), methods: new Set(['OPTIONS']) }
    for (const name of [method].flat()) route.methods.add(name)
    allowed.set(url, route)
  })
  const mount = app.prefix.slice(0, -basePath.length)
  return (method, path) => {
    const methods = [...allowed.values()].find(({ pattern }) => pattern.test(path))?.methods
    if (!methods)
      return refusal(
        'unknown-path',
        `there is no such path in the enneo.MIND API that is mocked here${didYouMean(path, mount)}`,
      )
    const allow = [...methods].sort().join(', ')
    return refusal('wrong-method', `${method} is not allowed here; use ${allow}`, { headers: { allow } })
  }
}

function patternOf(url: string): RegExp {
  const source = url.replace(/[.+?$()|[\]\\^{}]/g, '\\$&').replace(/:id\\\(.*?\\\)/g, '\\d+')
  return new RegExp(`^${source}$`)
}
