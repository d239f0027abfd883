import { isDeepStrictEqual } from 'node:util'
import { type JsonObject, listOf, objectOf } from '../../values/json.ts'
import type { Finding } from './compare.ts'
import { changeOf } from './kinds.ts'
import type { Operation } from './operation.ts'
import { landingOf, placeIn, rootOf, textsOf } from './place.ts'

/** What differs in how one signs in: the schemes, and which of them the operations ask for. */
export function securityFindings(
  ours: JsonObject,
  theirs: JsonObject,
  pairs: readonly (readonly [Operation, Operation])[],
): Finding[] {
  const [ourSchemes, namedByThem] = [schemesOf(ours), schemesOf(theirs)]
  const ourName = (name: string) => {
    const same = [...ourSchemes].find(([, scheme]) => isDeepStrictEqual(scheme, namedByThem.get(name)))
    return ourSchemes.has(name) ? name : (same?.[0] ?? name)
  }
  const theirSchemes = new Map([...namedByThem].map(([name, scheme]) => [ourName(name), scheme]))
  const ourWays = (asked: unknown) => waysOf(asked ?? ours.security, (name) => name)
  const theirWays = (asked: unknown) => waysOf(asked ?? theirs.security, ourName)
  const everywhere = [ourWays(undefined), theirWays(undefined)]

  const findings = new Map<string, Finding>()
  const tell = (path: string, was: string | undefined, is: string | undefined, isRefused: boolean) => {
    const { effect, ...change } = changeOf('security', was, is, isRefused)
    const spot = { id: path, path }
    findings.set(path, { ...change, ours: spot, theirs: spot, breaking: effect.narrows, mockDepends: true })
  }
  for (const [a, b] of pairs) {
    const [was, is] = [ourWays(a.security), theirWays(b.security)]
    if (!isDeepStrictEqual(was, is)) {
      const path = isDeepStrictEqual([was, is], everywhere) ? 'security' : `${a.name} security`
      const isEnough = (way: Way) => is.some((other) => other.every((need) => way.includes(need)))
      tell(path, textOf(was), textOf(is), !was.every(isEnough))
    }
    const used = schemeNames(is)
    for (const name of schemeNames(was)) {
      const [ourScheme, theirScheme] = [ourSchemes.get(name), theirSchemes.get(name)]
      if (!used.includes(name) || isDeepStrictEqual(ourScheme, theirScheme)) continue
      tell(`components.securitySchemes.${name}`, ourScheme?.join(' '), theirScheme?.join(' '), true)
    }
  }
  return [...findings.values()]
}

/** What is needed together, each a scheme and its scopes. One of several ways suffices. */
type Way = string[]

function waysOf(asked: unknown, nameOf: (name: string) => string): Way[] {
  const ways = listOf(asked).map((way) =>
    Object.entries(objectOf(way))
      .map(([name, scopes]) => [nameOf(name), ...textsOf(scopes)].join(' '))
      .sort(),
  )
  return ways.length === 0 ? [[]] : ways.sort()
}

const schemeNames = (ways: readonly Way[]) => ways.flat().map((need) => need.replace(/ .*/s, ''))

const textOf = (ways: readonly Way[]) => ways.map((way) => way.join(' and ') || 'nothing').join(', or ')

/** What a client must know to sign in, by the names of the schemes. */
function schemesOf(document: JsonObject): Map<string, string[]> {
  const names = Object.keys(objectOf(objectOf(document.components).securitySchemes))
  return new Map(
    names.map((name) => {
      const { value } = landingOf(placeIn(rootOf(document), ['components', 'securitySchemes', name]))
      const { type, scheme, in: where, name: key, bearerFormat } = value
      return [name, textsOf([type, scheme, where, key, bearerFormat])]
    }),
  )
}
