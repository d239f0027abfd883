import { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Fault } from '../../schemas/fault.ts'

/** [fault.kinds] Ends a call without a proper answer (WireMock's words). The reply is spent afterwards. */
export function breakConnection(
  kind: NonNullable<Fault['fault']>,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  reply.hijack()
  const { socket } = request.raw
  // Injected calls have no connection that could break; their caller gets an error.
  if (!(socket instanceof Duplex)) reply.raw.destroy(new Error(kind))
  else if (kind === 'MALFORMED_RESPONSE_CHUNK') sendGarbage(reply, socket)
  else if (kind === 'CONNECTION_RESET_BY_PEER' && socket instanceof Socket && !('encrypted' in socket))
    socket.resetAndDestroy()
  else socket.destroy()
}

/** A good head, and then what is no chunk. */
function sendGarbage(reply: FastifyReply, socket: Duplex): void {
  const headers = Object.entries(reply.getHeaders())
    .filter(([name]) => !name.startsWith('content-'))
    .flatMap(([name, value]) => [value].flat().map((entry) => `${name}: ${entry}\r\n`))
  const head = `HTTP/1.1 200 OK\r\n${headers.join('')}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`
  socket.write(`${head}lorem ipsum, no chunk\r\n`, () => socket.destroy())
}
