import { once } from 'node:events'
import { connect } from 'node:net'

export type RawAnswer = { status: number; headers: string; body: string }

/** A request as it goes over the wire; the connection ends with the answer. */
export function requestText(method: string, path: string, headers: string[] = [], body?: string): string {
  const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]
  const head = [`${method} ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...length, ...headers]
  return [...head, '', body ?? ''].join('\r\n')
}

/** Sends bytes as they are, and reads until the other side ends. Status 0: it ended without an answer. */
export async function sendRaw(origin: string, bytes: string | Buffer): Promise<RawAnswer> {
  const socket = connect(Number(new URL(origin).port), 'localhost')
  const parts: Buffer[] = []
  socket.on('data', (part) => parts.push(part))
  // A refusal may come before everything was sent.
  socket.on('error', () => {})
  socket.write(bytes)
  await once(socket, 'close')
  const text = Buffer.concat(parts).toString()
  const end = text.indexOf('\r\n\r\n')
  const [, status = '0'] = /^HTTP\/1\.1 (\d{3}) /.exec(text) ?? []
  return {
    status: Number(status),
    headers: text.slice(0, end),
    body: bodyOf(text.slice(0, end), text.slice(end + 4)),
  }
}

const bodyOf = (headers: string, body: string) =>
  /transfer-encoding: chunked/i.test(headers) ? body.replace(/[0-9a-f]+\r\n|\r\n/gi, '') : body
