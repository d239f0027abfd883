import type { Seed } from '../../schemas/seed.ts'
import { basePath } from '../http/paths.ts'
import { createTokens } from '../http/tokens.ts'
import { readSeed } from '../seed/seed-file.ts'
import { type Settings, SettingsError } from '../settings.ts'
import { developmentSecret } from '../start.ts'
import { visible } from '../values/visible.ts'
import { addressOf, askMock } from './ask-mock.ts'

/**
 * Prints a token, and on standard error whether the mock that runs with these settings refuses it: it may have been
 * started with another secret or seed. @throws {SettingsError} when the seed has nobody of that name or id
 */
export async function printToken(who: string, settings: Settings, now: () => number): Promise<void> {
  const userId = idOf(who, await readSeed(settings.seed))
  const tokens = await createTokens(settings.jwtSecret ?? developmentSecret, now)
  const token = tokens.sign(userId)
  console.log(token)
  const problem = await refusalOf(token, settings)
  if (problem !== undefined) console.error(problem)
}

function idOf(who: string, { personas, profiles }: Seed): number {
  const known = `the seed has ${Object.keys(personas).join(', ')}, and a profile id works too.`
  if (Object.hasOwn(personas, who)) return personas[who] as number
  if (!/^\d+$/.test(who)) throw new SettingsError(`There is no persona ${visible(who)}; ${known}`)
  if (profiles.some(({ id }) => id === Number(who))) return Number(who)
  throw new SettingsError(`There is no profile ${who}; ${known}`)
}

/** Why the running mock would not believe a token; nothing when it does, or when there is none. */
async function refusalOf(token: string, settings: Settings): Promise<string | undefined> {
  const headers = { authorization: `Bearer ${token}` }
  const answer = await askMock(settings, `${basePath}/profile`, headers).catch(() => undefined)
  if (answer?.status !== 401) return undefined
  const { message } = answer.body as { message?: unknown }
  const secret =
    settings.jwtSecret === undefined
      ? 'the secret for development'
      : 'the secret of --jwt-secret or MOCK_JWT_SECRET'
  return `The mock at ${addressOf(settings)} refuses this token (${visible(String(message))}). It is signed with ${secret}; name the secret and the seed of that mock with --jwt-secret and --seed, or ask it: POST /__admin/tokens.`
}
