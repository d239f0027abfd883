import type { ScenarioName } from '../../schemas/scenario.ts'
import { type Coverage, createCoverage } from '../contract/coverage.ts'
import { defaultWorld, type ProfileStore, type World } from '../stores/profile-store.ts'
import { freshNotes } from '../stores/world-notes.ts'
import { type Awaitable, andThen } from '../values/awaitable.ts'
import { createJournal, type Journal } from './journal.ts'
import { createJournalBudget } from './journal-budget.ts'
import { scenarios } from './scenarios.ts'

/** A world, whose notes say what bends its traffic, and what watches that traffic in this process. */
export type Sandbox = {
  /** Absent for the default world. */
  name?: string
  world: World
  journal: Journal
  /** What its calls have exercised of the contract. */
  coverage: Coverage
}

/** Worlds by the name that calls give them. */
export type Sandboxes = {
  /** For calls that name none; it is never dropped. */
  default: Sandbox
  /** What all calls have exercised since the start, whatever became of their worlds. */
  coverage: Coverage
  /** The sandbox of that name if it exists. It does not count as use. */
  find: (name: string) => Awaitable<Sandbox | undefined>
  /** The same, as far as this process knows. */
  known: (name: string) => Sandbox | undefined
  /** The sandbox of that name, made if need be; the one used longest ago makes room for it. */
  open: (name: string) => Awaitable<Sandbox>
  /** The seed, to sign in against a sandbox that does not exist yet. */
  seedWorld: () => ReturnType<ProfileStore['seedWorld']>
  /** Names, the one used longest ago first. */
  names: () => Promise<string[]>
  /** [state.reset] Everything of a world but the snapshots as at the start. */
  reset: (sandbox: Sandbox) => Promise<void>
  /** The default world as at the start, no sandbox and no snapshot left. */
  resetAll: () => Promise<void>
  /** Rejects with the reason when the store cannot be reached. */
  check: () => Promise<void>
}

export type SandboxLimits = {
  maxSandboxes: number
  /** What the journals of all worlds may hold together, in bytes. */
  journalLimit: number
}

export async function createSandboxes(
  store: ProfileStore,
  { maxSandboxes, journalLimit }: SandboxLimits,
): Promise<Sandboxes> {
  const budget = createJournalBudget(journalLimit)
  /** What this process has seen of sandboxes. Other processes on the same store drop them and make them as well. */
  const seen = new Map<string, Sandbox>()
  const main = {
    world: await store.world(defaultWorld),
    journal: createJournal(budget),
    coverage: createCoverage(),
  }

  const forget = (name: string) => {
    seen.get(name)?.journal.close()
    seen.delete(name)
  }
  const see = (name: string, world: World): Sandbox => {
    const known = seen.get(name)
    if (known && known.world.id === world.id) return known
    forget(name)
    const sandbox = { name, world, journal: createJournal(budget), coverage: createCoverage() }
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
  const coverage = createCoverage()
  return {
    default: main,
    coverage,
    find: (name) => andThen(store.find(name), (world) => world && see(name, world)),
    known: (name) => seen.get(name),
    open: (name) =>
      andThen(store.world(name), (world) => {
        const isNew = seen.get(name)?.world.id !== world.id
        const sandbox = see(name, world)
        return isNew ? makeRoom().then(() => sandbox) : sandbox
      }),
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
  }
}

/**
 * [scenario.begin] Puts a sandbox into a scenario. The state starts anew only where the scenario has, or had, one of
 * its own.
 */
export async function chooseScenario({ world }: Sandbox, name: ScenarioName): Promise<void> {
  const before = await world.notes.change((notes) => {
    const { scenario } = notes
    Object.assign(notes, { scenario: name, scenarioCalls: 0 })
    return scenario
  })
  const { state } = scenarios[name]
  if (scenarios[before].state || state) await world.reset()
  if (state) await world.replace(state(await world.toSeed()))
}
