import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { createTokens } from '../../src/http/tokens.ts'
import { createMockServer, type MockOptions } from '../../src/mock-server.ts'
import { readSeed } from '../../src/seed/seed-file.ts'
import { type Given, resolveSettings } from '../../src/settings.ts'
import { developmentSecret } from '../../src/start.ts'
import { openStore } from '../../src/stores/open-store.ts'
import type { ProfileStore } from '../../src/stores/profile-store.ts'
import { createSandboxes } from '../../src/traffic/sandboxes.ts'

/**
 * A mock on the default seed that does not listen: settings as a user would give them, options for the rest. Whatever a
 * test is about, it fails when an answer breaks the document.
 */
export async function createTestMock(
  given: Given = {},
  {
    store,
    now = Date.now,
    ...options
  }: Partial<MockOptions> & { store?: ProfileStore; now?: () => number } = {},
): Promise<FastifyInstance> {
  const settings = resolveSettings({ flags: { selfCheck: 'true', ...given }, env: {} })
  return createMockServer(
    {
      ...settings,
      sandboxes: await createSandboxes(
        store ?? (await openStore(await readSeed(settings.seed))),
        settings,
        now,
      ),
      tokens: await createTokens(developmentSecret, now),
      adminAccess: { kind: 'loopback' },
      random: Math.random,
      randomSecret: () => 'made up',
      onBreach: (breach) => t.fail(`an answer breaks the document: ${breach}`),
      ...options,
    },
    { logLevel: 'silent' },
  )
}
