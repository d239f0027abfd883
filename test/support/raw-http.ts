import { connect } from 'node:net'
import { connect as connectSecurely } from 'node:tls'

/** What came over a connection until it ended, byte by byte as Latin-1, and the error that ended it. */
export type Exchange = { received: string; error?: string }

/** Sends text over a connection of its own and waits for its end; no client stands between. */
export function exchange(origin: string, text: string | Buffer): Promise<Exchange> {
  return new Promise((resolve) => {
    const { protocol, hostname, port } = new URL(origin)
    const to = { port: Number(port), host: hostname.replace(/^\[|\]$/g, '') }
    const socket = protocol === 'https:' ? connectSecurely({ ...to, rejectUnauthorized: false }) : connect(to)
    socket.setEncoding('latin1')
    const exchanged: Exchange = { received: '' }
    socket.on('data', (chunk: string) => {
      exchanged.received += chunk
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      exchanged.error = error.code ?? error.message
    })
    socket.on('close', () => resolve(exchanged))
    socket.write(text)
  })
}

/** A request as it goes over the wire; the connection ends after its answer. */
export function requestText(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string,
): string {
  const lines = Object.entries({
    Host: 'localhost',
    Connection: 'close',
    ...headers,
    ...(body !== undefined && { 'Content-Length': String(Buffer.byteLength(body)) }),
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`
}
