import { adminPath } from '../http/paths.ts'
import type { Settings } from '../settings.ts'
import { addressOf, askMock } from './ask-mock.ts'
import { CommandEnd } from './command-end.ts'

/** For container engines, which know of a container only how a command ends. @throws {CommandEnd} 1 */
export async function checkHealth(settings: Settings): Promise<void> {
  if (settings.port === 0)
    throw new CommandEnd(1, 'With --port 0 nobody can know the port; name the one that was taken.')
  const answer = await askMock(settings, `${adminPath}/health`).catch(() => undefined)
  if ((answer?.body as { status?: unknown } | undefined)?.status === 'ok') return
  throw new CommandEnd(1, `No mock answers at ${addressOf(settings)}.`)
}
