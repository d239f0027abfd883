import { isDeepStrictEqual } from 'node:util'
import type { Case } from '../cases.ts'
import { isObject, type Json, parsed } from './json.ts'
import type { WireAnswer } from './wire.ts'

/** One thing that was not as expected; values are as they are, or undefined where there is none. */
export type Difference = { what: string; expected: unknown; got: unknown }

/** The one wording that the published document has (S); every other message may be in other words. */
const publishedMessage = 'profiles array is required'

/** How an answer differs from the one a case tells of, the wording of messages aside. */
export function compareAnswer(expected: Case['answer'], answer: WireAnswer): Difference[] {
  return [
    ...compareValues('status', expected.status, answer.status),
    ...compareHeaders(expected, answer),
    ...withBody(answer, (body) => compareValues('body', expected.body, body, isSaidFreely)),
  ]
}

export const compareHeaders = ({ headers = {} }: Case['answer'], answer: WireAnswer): Difference[] =>
  Object.entries(headers).flatMap(([name, value]) => {
    const got = answer.headers[name]
    if (value === null ? got === undefined : got?.toLowerCase() === value.toLowerCase()) return []
    return [{ what: `header ${name}`, expected: value ?? undefined, got }]
  })

/** What there is to say about a JSON body, or that it is none. */
export function withBody(answer: WireAnswer, compare: (body: unknown) => Difference[]): Difference[] {
  const body = parsed(answer.body)
  return body ? compare(body.value) : [{ what: 'body', expected: 'JSON', got: answer.body }]
}

const isSaidFreely = (key: string, expected: unknown, got: unknown) =>
  key === 'message' && expected !== publishedMessage && typeof got === 'string' && got.trim() !== ''

type IsFree = (key: string, expected: unknown, got: unknown) => boolean

/** Each place at which two values differ; null and absent are told apart. */
export function compareValues(
  what: string,
  expected: unknown,
  got: unknown,
  isFree: IsFree = () => false,
): Difference[] {
  if (Array.isArray(expected) && Array.isArray(got) && expected.length === got.length) {
    return expected.flatMap((entry, index) => compareValues(`${what}[${index}]`, entry, got[index], isFree))
  }
  if (isObject(expected) && isObject(got)) {
    return [...new Set([...Object.keys(expected), ...Object.keys(got)])].flatMap((key) => {
      const [wanted, came] = [entryOf(expected, key), entryOf(got, key)]
      return isFree(key, wanted, came) && wanted !== undefined
        ? []
        : compareValues(`${what}.${key}`, wanted, came, isFree)
    })
  }
  return isDeepStrictEqual(expected, got) ? [] : [{ what, expected, got }]
}

const entryOf = (object: Json, key: string) => (Object.hasOwn(object, key) ? object[key] : undefined)

/** An expected body, with the target's own id in place of the seed's. */
export function withId(value: unknown, from: number, to: number): unknown {
  if (Array.isArray(value)) return value.map((entry) => withId(entry, from, to))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      key === 'id' && entry === from ? to : withId(entry, from, to),
    ]),
  )
}
