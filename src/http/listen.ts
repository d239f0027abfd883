import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** Listens on every address that a host stands for. Resolves with the port. @throws the system's error */
export type Listen = (host: string, port: number) => Promise<number>

/**
 * The framework's own server listens on one address. Connections to the others are handed to it, so that every rule of
 * it holds for all of them. Must be called before the application is ready. [transport.every-address]
 */
export function createListen(app: FastifyInstance): Listen {
  let others: Server[] = []
  let closed: Promise<unknown>
  app.addHook('preClose', async () => {
    closed = closeAll(others)
  })
  app.addHook('onClose', () => closed)

  const listenOnce = async (addresses: readonly string[], port: number): Promise<number> => {
    const [first, ...more] = await openAll(addresses, port)
    others = more
    const { address, port: taken } = (first as Server).address() as AddressInfo
    await closeAll([first as Server])
    for (const other of others) other.on('connection', (socket) => app.server.emit('connection', socket))
    try {
      await app.listen({ host: address, port: taken })
      return taken
    } catch (error) {
      await closeAll(others)
      throw error
    }
  }
  const listen = async (addresses: readonly string[], port: number, tries: number): Promise<number> => {
    try {
      return await listenOnce(addresses, port)
    } catch (error) {
      // A port that is free on one address need not be free on the next; another one may be.
      if (port !== 0 || tries === 0 || codeOf(error) !== 'EADDRINUSE') throw error
      return listen(addresses, port, tries - 1)
    }
  }
  return async (host, port) => listen(await addressesOf(host), port, mostTries)
}

const mostTries = 20

/** A client takes either address of `localhost`, whichever of them is named here. */
async function addressesOf(host: string): Promise<string[]> {
  const name = host.replace(/^\[(.*)\]$/, '$1')
  if (/^(?:(?:.+\.)?localhost|127\.0\.0\.1|::1)$/i.test(name)) return ['127.0.0.1', '::1']
  if (name === '0.0.0.0') return ['0.0.0.0', '::1']
  // Loaded for a name only: it takes 4 ms of a start.
  const { lookup } = await import('node:dns/promises')
  return (await lookup(name, { all: true })).map(({ address }) => address)
}

/** One server on the same port of each address; a machine need not have all of them. */
async function openAll(addresses: readonly string[], port: number): Promise<Server[]> {
  const opened: Server[] = []
  let absent: unknown
  for (const host of addresses) {
    const [first] = opened
    const server = createServer()
    try {
      server.listen({ host, port: first ? (first.address() as AddressInfo).port : port })
      await once(server, 'listening')
      opened.push(server)
    } catch (error) {
      if (!isAbsent(error)) {
        await closeAll(opened)
        throw error
      }
      absent = error
    }
  }
  if (opened.length === 0) throw absent
  return opened
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code
const isAbsent = (error: unknown) => ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(String(codeOf(error)))

const closeAll = (servers: readonly Server[]) =>
  Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
