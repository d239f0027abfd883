import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { json } from 'node:stream/consumers'
import type { Settings } from '../settings.ts'

/** Longer than this nobody waits for a mock on the same machine. */
const patienceMs = 2000

/** Every address is listened on by way of one of the two that name this machine. */
const ownAddress: Readonly<Record<string, string>> = {
  '0.0.0.0': '127.0.0.1',
  '::': '::1',
}

/** Where a mock with these settings answers on this machine. */
export function addressOf({ host, port, httpsCert }: Settings): string {
  const bare = host.replace(/^\[|\]$/g, '')
  const name = ownAddress[bare] ?? bare
  return `${httpsCert === undefined ? 'http' : 'https'}://${name.includes(':') ? `[${name}]` : name}:${port}`
}

export type MockAnswer = { status: number; body: unknown }

/** Asks the mock that runs with these settings on this machine. Rejects when none answers with JSON in time. */
export async function askMock(
  settings: Settings,
  path: string,
  headers: Record<string, string> = {},
): Promise<MockAnswer> {
  const url = addressOf(settings) + path
  const signal = AbortSignal.timeout(patienceMs)
  // Whose certificate it is does not matter: nobody else is asked.
  const sent = url.startsWith('https:')
    ? httpsRequest(url, { headers, signal, rejectUnauthorized: false })
    : httpRequest(url, { headers, signal })
  sent.end()
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  return { status: answer.statusCode as number, body: await json(answer) }
}
