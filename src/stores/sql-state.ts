import type { StoredProfile } from '../../schemas/seed.ts'
import type { Query } from './sql-engine.ts'

/**
 * The state of a world, which nobody else changes until the end of the transaction. A world that is not there, or that
 * another process has dropped, begins as the seed.
 */
export async function lockWorld(query: Query, name: string): Promise<unknown> {
  const lock = () => query('select state from enneo_mock.worlds where name = $1 for no key update', [name])
  let [world] = await lock()
  while (!world) {
    await query(
      `with store as (select seed from enneo_mock.store for share),
      state as (insert into enneo_mock.states (seed) select seed from store returning id)
      insert into enneo_mock.worlds (name, state) select $1, id from state on conflict (name) do nothing`,
      [name],
    )
    ;[world] = await lock()
  }
  return world.state
}

export async function save(query: Query, state: unknown, changed: readonly StoredProfile[]): Promise<void> {
  const documents = new Map(changed.map((profile) => [profile.id, JSON.stringify(profile)]))
  await query(
    `insert into enneo_mock.profiles (state, id, document)
    select $1, * from unnest($2::bigint[], $3::text[])
    on conflict (state, id) do update set document = excluded.document`,
    [state, [...documents.keys()], [...documents.values()]],
  )
}

/** Leaves a state to the snapshots that hold it. */
export async function copyOf(query: Query, name: string, state: unknown): Promise<unknown> {
  const copy = await newState(query, '(select seed from enneo_mock.states where id = $1)', state)
  await query(
    `insert into enneo_mock.profiles (state, id, document)
    select $2, id, document from enneo_mock.profiles where state = $1`,
    [state, copy],
  )
  await pointTo(query, name, copy)
  return copy
}

export async function newState(query: Query, seed: string, value: unknown): Promise<unknown> {
  const [state] = await query(`insert into enneo_mock.states (seed) values (${seed}) returning id`, [value])
  return state?.id
}

export const pointTo = (query: Query, name: string, state: unknown) =>
  query('update enneo_mock.worlds set state = $2 where name = $1', [name, state])

const isUnused = `not exists (select 1 from enneo_mock.worlds where state = states.id)
  and not exists (select 1 from enneo_mock.snapshots where state = states.id)`

/** Forgets states that nothing holds any longer. */
export const release = (query: Query, states: readonly unknown[]) =>
  query(`delete from enneo_mock.states where id = any ($1::bigint[]) and ${isUnused}`, [states])

/** Forgets all states and seeds that nothing holds. Within a transaction that has locked the tables. */
export async function sweep(query: Query): Promise<void> {
  await query(`delete from enneo_mock.states where ${isUnused}`)
  await query(
    `delete from enneo_mock.seeds where hash not in (select seed from enneo_mock.states)
    and hash not in (select seed from enneo_mock.store)`,
  )
}
