import type { Delay } from '../../schemas/fault.ts'
import type { JournalEntry } from '../../schemas/journal.ts'
import type { ScenarioName } from '../../schemas/scenario.ts'
import type { Seed } from '../../schemas/seed.ts'
import { type Coverage, createCoverage } from '../contract/coverage.ts'
import { defaultWorld, type ProfileStore, type SeedWorld, type World } from '../stores/profile-store.ts'
import { createFaults, type Faults } from './faults.ts'
import { createJournal, type Journal } from './journal.ts'
import { createJournalBudget, type JournalBudget } from './journal-budget.ts'
import { scenarios } from './scenarios.ts'

/** A world and everything that watches and bends its traffic. */
export type Sandbox = {
  /** Absent for the default world. */
  name?: string
  world: World
  journal: Journal
  faults: Faults
  /** What its calls have exercised of the contract. */
  coverage: Coverage
  /** Added to every call. */
  delay: Delay
  scenario: ScenarioName
  /** Calls since the scenario was chosen, or since its limit was lifted. */
  scenarioCalls: number
  /** Until when its limit holds, in milliseconds since 1970. */
  limitedUntil: number | undefined
  /** Where its clock has been stopped, in milliseconds since 1970. */
  stoppedAt: number | undefined
}

/** What can be looked at of a sandbox, whether or not it exists. */
export type SandboxView = Omit<Sandbox, 'world'> & {
  world: SeedWorld & { snapshots: Pick<World['snapshots'], 'list'> }
}

type Listener = (entry: JournalEntry) => void

/** Worlds by the name that calls give them. */
export type Sandboxes = {
  /** For calls that name none; it is never dropped. */
  default: Sandbox
  /** Milliseconds since 1970 by the clock of a sandbox: that of the process, unless a test has stopped it. */
  now: (sandbox?: Sandbox) => number
  /** What all calls have exercised since the start, whatever became of their worlds. */
  coverage: Coverage
  /** The sandbox of that name if it exists. It does not count as use. */
  find: (name: string) => Sandbox | undefined
  /** The sandbox of that name, made if need be; the one used longest ago makes room for it. */
  open: (name: string) => Promise<Sandbox>
  /** The sandbox of that name if it exists, else what the first call would find. Nothing is made by it. */
  view: (name: string) => Promise<SandboxView>
  /** Is told of every entry of a sandbox's journal from now on, also when it is made later. Returns how to stop that. */
  watch: (name: string, listener: Listener) => () => void
  /** The seed, to sign in against a sandbox that does not exist yet. */
  seedWorld: ProfileStore['seedWorld']
  /** Names, the one used longest ago first. */
  names: () => string[]
  /** [state.reset] Everything of a world but the snapshots as at the start. */
  reset: (sandbox: Sandbox) => Promise<void>
  /** The default world as at the start, no sandbox and no snapshot left. */
  resetAll: () => Promise<void>
  /** Every world as at the start, which from now on is this seed. */
  reseed: (seed: Seed) => Promise<void>
  close: () => Promise<void>
}

export type SandboxLimits = {
  maxSandboxes: number
  /** What the journals of all worlds may hold together, in bytes. */
  journalLimit: number
}

export async function createSandboxes(
  store: ProfileStore,
  { maxSandboxes, journalLimit }: SandboxLimits,
  now: () => number,
): Promise<Sandboxes> {
  const budget = createJournalBudget(journalLimit)
  // A map keeps the order of insertion, and every use inserts anew: the first one was used longest ago.
  const sandboxes = new Map<string, Sandbox>()
  const main = { ...freshTraffic(budget), world: await store.world(defaultWorld) }

  const drop = async (name: string, { journal }: Sandbox) => {
    sandboxes.delete(name)
    journal.close()
    await store.drop(name)
  }
  const watchers = new Map<string, Set<Listener>>()
  const tellWatchers = (name: string, journal: Journal) => {
    for (const listener of watchers.get(name) ?? []) journal.subscribe(listener)
  }
  const reset = async (sandbox: Sandbox) => {
    sandbox.journal.clear()
    Object.assign(sandbox, freshTraffic(budget), { journal: sandbox.journal })
    await sandbox.world.reset()
  }
  const coverage = createCoverage()
  return {
    default: main,
    now: (sandbox) => sandbox?.stoppedAt ?? now(),
    coverage,
    find: (name) => sandboxes.get(name),
    open: async (name) => {
      const sandbox = sandboxes.get(name) ?? { name, ...freshTraffic(budget), world: await store.world(name) }
      // Somebody else may have made it during the wait; theirs is the one that counts.
      const opened = sandboxes.get(name) ?? sandbox
      if (!sandboxes.has(name)) tellWatchers(name, opened.journal)
      sandboxes.delete(name)
      sandboxes.set(name, opened)
      // [sandbox.limit]
      for (const [oldest, unused] of sandboxes) {
        if (sandboxes.size <= maxSandboxes) break
        await drop(oldest, unused)
      }
      return opened
    },
    view: async (name) =>
      sandboxes.get(name) ?? {
        name,
        ...freshTraffic(budget),
        world: { ...(await store.seedWorld()), snapshots: { list: async () => [] } },
      },
    watch: (name, listener) => {
      watchers.set(name, (watchers.get(name) ?? new Set()).add(listener))
      sandboxes.get(name)?.journal.subscribe(listener)
      return () => {
        watchers.get(name)?.delete(listener)
        if (watchers.get(name)?.size === 0) watchers.delete(name)
        sandboxes.get(name)?.journal.unsubscribe(listener)
      }
    },
    seedWorld: () => store.seedWorld(),
    names: () => [...sandboxes.keys()],
    reset,
    resetAll: async () => {
      for (const [name, sandbox] of sandboxes) await drop(name, sandbox)
      await reset(main)
      for (const name of await main.world.snapshots.list()) await main.world.snapshots.remove(name)
    },
    reseed: async (seed) => {
      await store.reseed(seed)
      for (const sandbox of [main, ...sandboxes.values()]) await reset(sandbox)
    },
    close: () => store.close(),
  }
}

/** The journal keeps its listeners over a reset, so it is emptied and not replaced. */
function freshTraffic(budget: JournalBudget): Omit<Sandbox, 'world'> {
  return {
    journal: createJournal(budget),
    faults: createFaults(),
    coverage: createCoverage(),
    delay: 0,
    scenario: 'happy',
    scenarioCalls: 0,
    limitedUntil: undefined,
    stoppedAt: undefined,
  }
}

/**
 * [scenario.begin] Puts a sandbox into a scenario. The state starts anew only where the scenario has, or had, one of
 * its own.
 */
export async function chooseScenario(sandbox: Sandbox, name: ScenarioName): Promise<void> {
  const hadState = scenarios[sandbox.scenario].state !== undefined
  sandbox.scenario = name
  sandbox.scenarioCalls = 0
  sandbox.limitedUntil = undefined
  const { state } = scenarios[name]
  if (hadState || state) await sandbox.world.reset()
  if (state) await sandbox.world.replace(state(await sandbox.world.toSeed()))
}
