import type { EventEmitter } from 'node:events'
import http, { type ClientRequest, type OutgoingHttpHeaders } from 'node:http'
import { duplexPair } from 'node:stream'
import timers from 'node:timers'
import { Server as TlsServer } from 'node:tls'

// Taken when this is loaded: what stands in for the network or for timers in a test takes their place later.
const { request } = http
const { setTimeout, clearTimeout } = timers

/** Longer than this an answer that nobody reads does not hold up the end. */
const patienceMs = 100

/** HTTP with a server of this process, over pairs of streams instead of sockets. It waits for no timer. */
export type InMemoryHttp = {
  /** A call on a connection of its own. Its method goes out as it is written. @throws when it has been closed */
  request: (call: { method: string; path: string; headers: OutgoingHttpHeaders }) => ClientRequest
  /** Takes no more calls, and when the server has closed breaks off those that do not end. */
  close: (closed: Promise<void>) => Promise<void>
}

export function createInMemoryHttp(server: EventEmitter): InMemoryHttp {
  const open = new Map<ClientRequest, Promise<unknown>>()
  let isClosed = false
  const isTls = server instanceof TlsServer
  const connect = () => {
    const [ours, theirs] = duplexPair()
    // What a server asks its sockets for.
    Object.assign(theirs, { remoteAddress: '127.0.0.1', ...(isTls && { encrypted: true }) })
    ours.once('close', () => theirs.destroy())
    // An end that breaks is told to the call, which has listeners of its own.
    theirs.once('close', () => ours.destroy())
    server.emit(isTls ? 'secureConnection' : 'connection', theirs)
    return ours
  }
  return {
    request: ({ method, path, headers }) => {
      if (isClosed) throw new Error('This mock has been closed; createMock() makes another.')
      const call = request({ method, path, headers, createConnection: connect })
      // The client would make it upper case.
      call.method = method
      const end = new Promise<void>((resolve) => {
        call.once('close', () => {
          open.delete(call)
          call.socket?.destroy()
          resolve()
        })
      })
      open.set(call, end)
      return call
    },
    close: async (closed) => {
      isClosed = true
      await closed
      const impatience = setTimeout(() => {
        for (const call of open.keys()) call.destroy()
      }, patienceMs)
      await Promise.all(open.values())
      clearTimeout(impatience)
    },
  }
}
