import type { JournalEntry } from '../../schemas/journal.ts'
import type { ScenarioName } from '../../schemas/scenario.ts'
import type { Seed } from '../../schemas/seed.ts'
import { type Coverage, createCoverage } from '../contract/coverage.ts'
import {
  defaultWorld,
  type Notes,
  type ProfileStore,
  type SeedWorld,
  type World,
} from '../stores/profile-store.ts'
import { freshNotes, type WorldNotes } from '../stores/world-notes.ts'
import { type Awaitable, andThen } from '../values/awaitable.ts'
import { createJournal, type Journal } from './journal.ts'
import { createJournalBudget } from './journal-budget.ts'
import { scenarios } from './scenarios.ts'
import { createTally, type Tally } from './tally.ts'

/** A world, whose notes say what is injected into its traffic, and what watches that traffic in this process. */
export type Sandbox = {
  /** Absent for the default world. */
  name?: string
  world: World
  journal: Journal
  /** What its calls have exercised of the contract. */
  coverage: Coverage
  /** Where its clock stood when its notes were last looked at, which every call does first; in ms since 1970. */
  stoppedAt: () => number | undefined
}

/** What can be looked at of a sandbox, whether or not it exists. */
export type SandboxView = Omit<Sandbox, 'world' | 'stoppedAt'> & {
  world: SeedWorld & { snapshots: Pick<World['snapshots'], 'list'>; notes: Pick<Notes, 'read'> }
}

type Listener = (entry: JournalEntry) => void

/** Worlds by the name that calls give them. */
export type Sandboxes = {
  /** For calls that name none; it is never dropped. */
  default: Sandbox
  /** Milliseconds since 1970 by the clock of a sandbox: that of the process, unless a test has stopped it. */
  now: (sandbox?: Pick<Sandbox, 'stoppedAt'>) => number
  /** What all calls have exercised since the start, whatever became of their worlds. */
  coverage: Coverage
  /** How many calls there were since the start, whatever is still kept of them. */
  tally: Tally
  /** What the journals of all worlds hold together in this process. */
  journalBytes: () => number
  /** The sandbox of that name if it exists. It does not count as use. */
  find: (name: string) => Awaitable<Sandbox | undefined>
  /** The same, as far as this process knows. */
  known: (name: string) => Sandbox | undefined
  /** The sandbox of that name, made if need be; the one used longest ago makes room for it. */
  open: (name: string) => Awaitable<Sandbox>
  /** The sandbox of that name if it exists, else what the first call would find. Nothing is made by it. */
  view: (name: string) => Promise<SandboxView>
  /** Is told of every entry of a sandbox's journal from now on, also when it is made later. Returns how to stop that. */
  watch: (name: string, listener: Listener) => () => void
  /** The seed, to sign in against a sandbox that does not exist yet. */
  seedWorld: ProfileStore['seedWorld']
  /** Names, the one used longest ago first. */
  names: () => Promise<string[]>
  /** [state.reset] Everything of a world but the snapshots as at the start. */
  reset: (sandbox: Sandbox) => Promise<void>
  /** The default world as at the start, no sandbox and no snapshot left. */
  resetAll: () => Promise<void>
  /** Rejects with the reason when the store cannot be reached. */
  check: ProfileStore['check']
  /** Every world as at the start, which from now on is this seed. */
  reseed: (seed: Seed) => Promise<void>
  /**
   * Everything as at the start, which from now on is this seed, unless another process did that for this time already.
   * Resolves with whether it was done now.
   */
  renew: (seed: Seed, at: number) => Promise<boolean>
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
  const watched = (world: World): Sandbox => ({
    ...seeingNotes(world),
    journal: createJournal(budget),
    coverage: createCoverage(),
  })
  const main = watched(await store.world(defaultWorld))
  /** What this process has seen of sandboxes. Other processes on the same store make and drop them as well. */
  const seen = new Map<string, Sandbox>()
  const watchers = new Map<string, Set<Listener>>()

  const forget = (name: string) => {
    seen.get(name)?.journal.close()
    seen.delete(name)
  }
  const see = (name: string, world: World): Sandbox => {
    const known = seen.get(name)
    if (known && known.world.id === world.id) return known
    forget(name)
    const sandbox = { name, ...watched(world) }
    for (const listener of watchers.get(name) ?? []) sandbox.journal.subscribe(listener)
    seen.set(name, sandbox)
    return sandbox
  }
  const drop = async (name: string) => {
    forget(name)
    await store.drop(name)
  }
  const names = async () => (await store.names()).filter((name) => name !== defaultWorld)
  /** [sandbox.limit] */
  const makeRoom = async () => {
    const known = [...seen.keys()]
    const all = await names()
    for (const name of known) if (!all.includes(name)) forget(name)
    for (const name of all.slice(0, Math.max(0, all.length - maxSandboxes))) await drop(name)
  }
  const reset = async ({ world, journal, coverage }: Sandbox) => {
    journal.clear()
    coverage.clear()
    await world.notes.change((notes) => Object.assign(notes, freshNotes()))
    await world.reset()
  }
  const find = (name: string) => andThen(store.find(name), (world) => world && see(name, world))
  const open = (name: string): Awaitable<Sandbox> =>
    andThen(store.world(name), (world) => {
      const isNew = seen.get(name)?.world.id !== world.id
      const sandbox = see(name, world)
      return isNew ? makeRoom().then(() => sandbox) : sandbox
    })
  const coverage = createCoverage()
  return {
    default: main,
    now: (sandbox) => sandbox?.stoppedAt() ?? now(),
    coverage,
    tally: createTally(),
    journalBytes: budget.bytes,
    find,
    known: (name) => seen.get(name),
    open,
    view: async (name) =>
      (await find(name)) ?? {
        name,
        journal: createJournal(budget),
        coverage: createCoverage(),
        world: {
          ...(await store.seedWorld()),
          snapshots: { list: async () => [] },
          notes: { read: freshNotes },
        },
      },
    watch: (name, listener) => {
      watchers.set(name, (watchers.get(name) ?? new Set()).add(listener))
      seen.get(name)?.journal.subscribe(listener)
      return () => {
        watchers.get(name)?.delete(listener)
        if (watchers.get(name)?.size === 0) watchers.delete(name)
        seen.get(name)?.journal.unsubscribe(listener)
      }
    },
    seedWorld: () => store.seedWorld(),
    names,
    reset,
    resetAll: async () => {
      for (const name of seen.keys()) forget(name)
      for (const name of await names()) await drop(name)
      await reset(main)
      for (const name of await main.world.snapshots.list()) await main.world.snapshots.remove(name)
    },
    check: () => store.check(),
    reseed: async (seed) => {
      await store.reseed(seed)
      await reset(main)
      // Opened in their order, they stay in it.
      for (const name of await names()) await reset(await open(name))
    },
    renew: async (seed, at) => {
      const wasDue = await store.renew(seed, at)
      for (const name of seen.keys()) forget(name)
      main.journal.clear()
      main.coverage.clear()
      return wasDue
    },
    close: () => store.close(),
  }
}

/** The same world, and what its notes said of its clock when this process last read or changed them. */
function seeingNotes(world: World): Pick<Sandbox, 'world' | 'stoppedAt'> {
  let seen: Readonly<WorldNotes> = freshNotes()
  const see = <N extends Readonly<WorldNotes>>(notes: N): N => {
    seen = notes
    return notes
  }
  const notes: Notes = {
    read: () => andThen(world.notes.read(), see),
    change: (by) => world.notes.change((notes) => by(see(notes))),
  }
  return { world: { ...world, notes }, stoppedAt: () => seen.stoppedAt }
}

/**
 * [scenario.begin] Puts a sandbox into a scenario. The state starts anew only where the scenario has, or had, one of
 * its own.
 */
export async function chooseScenario({ world }: Sandbox, name: ScenarioName): Promise<void> {
  const before = await world.notes.change((notes) => {
    const { scenario } = notes
    Object.assign(notes, { scenario: name, scenarioCalls: 0, limitedUntil: undefined })
    return scenario
  })
  const { state } = scenarios[name]
  if (scenarios[before].state || state) await world.reset()
  if (state) await world.replace(state(await world.toSeed()))
}
