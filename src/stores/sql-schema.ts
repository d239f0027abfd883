import type { Query } from './sql-engine.ts'

/** Whoever holds it alone brings the tables up to date, or adds or removes seeds. Any number that nobody else uses. */
const lockNumber = 7_305_019_244

/** Until the end of the transaction nobody else changes tables or seeds. To be taken before any row is locked. */
export const lockTables = (query: Query) => query(`select pg_advisory_xact_lock(${lockNumber})`)

/**
 * What was done to the tables, one version after the other: those that have been published are never changed.
 *
 * Documents are text: `jsonb` refuses NUL and lone surrogates, which a profile may hold, and nothing here looks into
 * them. Ids are `bigint`, since they may be larger than 2^31.
 */
const versions: readonly (readonly string[])[] = [
  [
    // Seeds by their hash, each stored once however many worlds begin as it.
    'create table enneo_mock.seeds (hash text primary key, document text not null)',
    // The seed that worlds begin as: one row.
    `create table enneo_mock.store (
      is_only boolean primary key default true check (is_only),
      seed text not null references enneo_mock.seeds
    )`,
    // A seed and what differs from it. Once a snapshot holds it, the next change begins a copy.
    `create table enneo_mock.states (
      id bigint generated always as identity primary key,
      seed text not null references enneo_mock.seeds,
      is_shared boolean not null default false
    )`,
    'create index states_seed on enneo_mock.states (seed)',
    `create table enneo_mock.profiles (
      state bigint not null references enneo_mock.states on delete cascade,
      id bigint not null,
      document text not null,
      primary key (state, id)
    )`,
    // A world that was dropped and made again has another id.
    `create table enneo_mock.worlds (
      name text primary key,
      id bigint generated always as identity,
      state bigint not null references enneo_mock.states,
      notes text
    )`,
    'create index worlds_state on enneo_mock.worlds (state)',
    `create table enneo_mock.snapshots (
      world text not null references enneo_mock.worlds on delete cascade,
      name text not null,
      state bigint not null references enneo_mock.states,
      primary key (world, name)
    )`,
    'create index snapshots_state on enneo_mock.snapshots (state)',
    // Which sandbox was used last, apart from the worlds, so that noting a use never waits for an update.
    'create sequence enneo_mock.use_order',
    'create table enneo_mock.uses (world text primary key, used bigint not null)',
  ],
  // Which of the resets of a demo was the last one, in ms since 1970.
  ['alter table enneo_mock.store add column renewed_at bigint not null default 0'],
]

/** Brings the tables up to date, within a transaction that has locked them. @throws when they are newer than this mock */
export async function migrate(query: Query): Promise<void> {
  await query('create schema if not exists enneo_mock')
  await query('create table if not exists enneo_mock.migrations (version integer primary key)')
  const [row] = await query('select coalesce(max(version), 0) as version from enneo_mock.migrations')
  const version = Number(row?.version)
  if (version > versions.length) throw new NewerTables()
  for (const [index, statements] of versions.entries()) {
    if (index < version) continue
    for (const statement of statements) await query(statement)
    await query('insert into enneo_mock.migrations (version) values ($1)', [index + 1])
  }
}

export class NewerTables extends Error {
  constructor() {
    super('was made by a newer version of this mock; install that one, or use another database')
  }
}
