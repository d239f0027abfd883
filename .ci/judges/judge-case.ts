import { isDeepStrictEqual } from 'node:util'
import { operations } from '../../schemas/operations.ts'
import { basePath } from '../../src/http/paths.ts'
import { developmentSecret } from '../../src/start.ts'
import { type Case, type CaseRequest, onSeed, signInWith, wireRequest } from '../../test/support/cases.ts'
import type { ProxiedMock } from './proxied-mock.ts'

export type Violation = { location: string[]; message: string }

export type Verdict = {
  name: string
  /** As the document has it, such as `GET /profile/{id}`. */
  operation: string
  /** What came is what the case wants. */
  isExpected: boolean
  status: number
  body: string
  /** False when Prism found no such path or method in the document: it lets those pass. */
  isJudged: boolean
  /** What Prism says of the answer. */
  violations: Violation[]
}

type Personas = Record<string, number>

/** Sends one case through the proxy; what comes before it goes to the mock itself. */
export async function judgeCase(
  example: Case,
  { origin, proxy }: ProxiedMock,
  personas: Personas,
): Promise<Verdict> {
  const { name, before = [], request, answer } = onSeed(example, personas)
  for (const earlier of before) await send(`${origin}${basePath}`, earlier, personas)
  const came = await send(proxy, forProxy(request), personas)
  return {
    name,
    operation: operationOf(request),
    isExpected: came.status === answer.status && isDeepStrictEqual(readBody(came.body), answer.body),
    ...came,
  }
}

/**
 * Prism parses what is called JSON and writes it anew: it never answers when that is broken, and sends no body for null.
 * As text it lets the bytes through, and the mock reads them as JSON all the same.
 */
function forProxy({ text, body, ...request }: CaseRequest): CaseRequest {
  const isKept = text === undefined && (body === undefined || (typeof body === 'object' && body !== null))
  if (isKept) return { ...request, ...(body !== undefined && { body }) }
  const headers = { 'content-type': 'text/plain', ...request.headers }
  return { ...request, text: text ?? JSON.stringify(body), headers }
}

/** Long enough for any answer. */
const patienceMs = 30_000

type Came = Pick<Verdict, 'status' | 'body' | 'isJudged' | 'violations'>

/** An answer that never comes has the status 0 and its reason for a body. */
async function send(base: string, request: CaseRequest, personas: Personas): Promise<Came> {
  const { path, ...wire } = wireRequest(request, signInWith(developmentSecret, personas))
  try {
    const answer = await fetch(base + path, { ...wire, signal: AbortSignal.timeout(patienceMs) })
    const said: Violation[] = JSON.parse(answer.headers.get('sl-violations') ?? '[]')
    return {
      status: answer.status,
      body: await answer.text(),
      isJudged: !said.some(({ message }) => message === 'Selected route not found'),
      // Cases are wrong on purpose, so what is said of the request does not count.
      violations: said.filter(({ location }) => location[0] === 'response'),
    }
  } catch (error) {
    return { status: 0, body: (error as Error).message, isJudged: false, violations: [] }
  }
}

function readBody(body: string): unknown {
  try {
    return body === '' ? undefined : JSON.parse(body)
  } catch {
    return body
  }
}

/** As Prism finds it: a parameter is whatever stands between two slashes. */
function operationOf({ method = 'PATCH', path = '/profiles' }: CaseRequest): string {
  const [bare = ''] = path.split('?')
  const known = operations.find(
    (operation) => operation.method === method && patternOf(operation.path).test(bare),
  )
  return `${method} ${known?.path ?? bare}`
}

const patternOf = (path: string) => new RegExp(`^${path.replaceAll(/{\w+}/g, '[^/]+')}$`)
