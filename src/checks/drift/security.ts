import { isDeepStrictEqual } from 'node:util'
import { type Json, listOf, objectOf } from '../../contract/json-schema.ts'
import { effectOf, type Finding, spotAt } from './finding.ts'
import type { DocumentOperation } from './operation.ts'
import { landingOf, type Place, placeAt, textsOf } from './place.ts'

/** What differs in how one signs in: the schemes, and which of them the operations ask for. */
export function securityFindings(
  ours: Place,
  theirs: Place,
  pairs: readonly (readonly [DocumentOperation, DocumentOperation])[],
): Finding[] {
  const ourSchemes = schemesOf(ours)
  const ourNames = new Map(
    [...schemesOf(theirs)].map(([name, scheme]) => {
      const same = [...ourSchemes].find(([, known]) => isDeepStrictEqual(known, scheme))
      return [name, ourSchemes.has(name) ? name : (same?.[0] ?? name)]
    }),
  )
  const theirSchemes = new Map([...schemesOf(theirs)].map(([name, scheme]) => [ourNames.get(name), scheme]))
  const ourWays = (asked: unknown) => waysOf(asked ?? ours.value.security, (name) => name)
  const theirWays = (asked: unknown) =>
    waysOf(asked ?? theirs.value.security, (name) => ourNames.get(name) ?? name)
  const everywhere = [ourWays(undefined), theirWays(undefined)]

  const findings = new Map<string, Finding>()
  const tell = (path: string, expected: unknown, got: unknown, isRefused: boolean) => {
    const effect = effectOf(isRefused, false)
    findings.set(path, { kind: 'security-changed', spot: spotAt(path), expected, got, effect })
  }
  for (const [a, b] of pairs) {
    const [expected, got] = [ourWays(a.security), theirWays(b.security)]
    if (!isDeepStrictEqual(expected, got)) {
      const path = isDeepStrictEqual([expected, got], everywhere) ? 'security' : `${a.name} security`
      const isEnough = (way: Way) => got.some((other) => other.every((need) => way.includes(need)))
      tell(path, textOf(expected), textOf(got), !expected.every(isEnough))
    }
    const used = schemeNames(got)
    for (const name of schemeNames(expected)) {
      const [was, is] = [ourSchemes.get(name), theirSchemes.get(name)]
      if (!used.includes(name) || isDeepStrictEqual(was, is)) continue
      tell(`components.securitySchemes.${name}`, schemeText(was), schemeText(is), true)
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

const schemeText = (scheme: Json | undefined) => (scheme ? Object.values(scheme).join(' ') : null)

const textOf = (ways: readonly Way[]) => ways.map((way) => way.join(' and ') || 'nothing').join(', or ')

const schemesOf = (root: Place): Map<string, Json> =>
  new Map(
    Object.entries(objectOf(objectOf(root.value.components).securitySchemes)).map(([name, scheme]) => [
      name,
      schemeOf(landingOf(placeAt(root, scheme)).value),
    ]),
  )

/** What a client must know to sign in. */
const schemeOf = ({ type, scheme, in: where, name, bearerFormat }: Json): Json =>
  Object.fromEntries(
    Object.entries({ type, scheme, in: where, name, bearerFormat }).filter(
      ([, value]) => typeof value === 'string',
    ),
  )
