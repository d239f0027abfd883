import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { createTokens } from '../../src/http/tokens.ts'
import { createMockServer, type MockOptions } from '../../src/mock-server.ts'
import { readSeed } from '../../src/seed/seed-file.ts'
import { type Given, resolveSettings } from '../../src/settings.ts'
import { developmentSecret } from '../../src/start.ts'
import { openStore } from '../../src/stores/open-store.ts'

/**
 * A mock on the default seed that does not listen: settings as a user would give them, options for the rest. Whatever a
 * test is about, it fails when an answer breaks the document.
 */
export async function createTestMock(
  given: Given = {},
  options: Partial<MockOptions> = {},
): Promise<FastifyInstance> {
  const settings = resolveSettings({ flags: { selfCheck: 'true', ...given }, env: {} })
  return createMockServer(
    {
      ...settings,
      store: await openStore(await readSeed(settings.seed)),
      tokens: await createTokens(developmentSecret, Date.now),
      adminAccess: { kind: 'loopback' },
      now: Date.now,
      random: Math.random,
      onBreach: (breach) => t.fail(`an answer breaks the document: ${breach}`),
      ...options,
    },
    { logLevel: 'silent' },
  )
}
