import type { WireRequest } from '../case-request.ts'

/** An answer whose body has not been looked into. */
export type WireAnswer = { status: number; headers: Record<string, string>; body: string }

/** Why there is no answer although somebody is there. */
export type NoAnswer = { problem: string }

export type Send = (request: WireRequest) => Promise<WireAnswer | NoAnswer>

/** Nobody is there. */
export class Unreachable extends Error {}

export type Limits = { patienceMs: number; mostBytes: number }

/** Sends to one base URL. Redirects are not followed: where they lead is not what was to be checked. */
export function createSend(base: string, { patienceMs, mostBytes }: Limits): Send {
  return async ({ method, path, headers, body }) => {
    const signal = AbortSignal.timeout(patienceMs)
    try {
      const answer = await fetch(base + path, {
        method,
        headers,
        redirect: 'manual',
        signal,
        ...(body !== undefined && { body }),
      })
      const text = await textOf(answer, mostBytes)
      if (text === undefined) return { problem: `an answer of more than ${mostBytes} bytes` }
      return { status: answer.status, headers: Object.fromEntries(answer.headers), body: text }
    } catch (error) {
      if (signal.aborted) return { problem: `no answer within ${patienceMs / 1000} s` }
      const code = codeOf(error)
      if (brokenOff.test(code)) return { problem: 'the connection ended without a whole answer' }
      throw new Unreachable(code)
    }
  }
}

/** Somebody was there, and hung up or spoke no HTTP. */
const brokenOff = /^(ECONNRESET|EPIPE|UND_ERR_(?!CONNECT)|HPE_)/

/** The cause in one word. Where there is none, the library's own text is not shown: it may hold a header. */
function codeOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string; message: string } }
  return cause ? (cause.code ?? cause.message) : 'the request cannot be sent'
}

async function textOf(answer: Response, mostBytes: number): Promise<string | undefined> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of answer.body ?? []) {
    size += part.length
    if (size > mostBytes) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}
