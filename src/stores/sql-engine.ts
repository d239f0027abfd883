/** Values of columns by name. */
export type Row = Readonly<Record<string, unknown>>

/** Runs one statement; `$1` stands for the first value. @throws {StoreAway} when the engine cannot be reached */
export type Query = (statement: string, values?: readonly unknown[]) => Promise<readonly Row[]>

/** PostgreSQL, wherever it runs. */
export type SqlEngine = {
  query: Query
  /** Statements that count together or, when one of them or `run` throws, not at all. */
  transaction: <R>(run: (query: Query) => Promise<R>) => Promise<R>
  close: () => Promise<void>
}
