import { STATUS_CODES } from 'node:http'
import type { JournalDetail } from '../../schemas/journal.ts'

type Client = { name: string; version: string }

/**
 * [journal.har] Calls as an HTTP archive (HAR 1.2), for browsers and proxies to open. It holds what the journal keeps,
 * so no secret and no header that may hold one.
 */
export const harOf = (calls: readonly JournalDetail[], origin: string, creator: Client): object => ({
  log: { version: '1.2', creator, entries: calls.map((call) => entryOf(call, origin)) },
})

function entryOf(call: JournalDetail, origin: string): object {
  const { method, path, query, headers, body, at, status = 0, duration = 0, answer } = call
  const sent = textOf(body)
  const came = textOf(answer)
  return {
    startedDateTime: new Date(Date.parse(at) - duration).toISOString(),
    time: duration,
    request: {
      method,
      url: origin + path + (query === undefined ? '' : `?${query}`),
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: pairs(Object.entries(headers)),
      queryString: pairs(new URLSearchParams(query)),
      headersSize: -1,
      bodySize: sent === undefined ? 0 : Buffer.byteLength(sent),
      ...(sent !== undefined && { postData: { mimeType: 'application/json', text: sent } }),
    },
    response: {
      status,
      statusText: STATUS_CODES[status] ?? '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: [],
      content: {
        size: came === undefined ? 0 : Buffer.byteLength(came),
        mimeType: 'application/json',
        ...(came !== undefined && { text: came }),
      },
      redirectURL: '',
      headersSize: -1,
      bodySize: -1,
    },
    cache: {},
    timings: { send: 0, wait: duration, receive: 0 },
    comment: commentOf(call),
  }
}

const commentOf = ({ reason, violations }: JournalDetail) =>
  [...(reason === undefined ? [] : [reason]), ...violations.map(({ message }) => message)].join('; ')

/** What was cut or is no JSON is text already. */
const textOf = (value: unknown) =>
  value === undefined || typeof value === 'string' ? value : JSON.stringify(value)

const pairs = (entries: Iterable<[name: string, value: string]>) =>
  [...entries].map(([name, value]) => ({ name, value }))
