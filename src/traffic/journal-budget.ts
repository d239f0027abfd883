/** What a journal tells the budget of itself. */
export type BudgetedJournal = {
  readonly bytes: () => number
  readonly count: () => number
  readonly dropOldest: () => void
}

/** [journal.limit] One bound for all journals together, so that many worlds cannot fill what one of them may not. */
export type JournalBudget = {
  /**
   * A journal has grown by its newest entry. Where that is too much, the oldest entries of the largest go until all
   * fit; the new one itself stays, so that who looks right after an answer finds its call.
   */
  grew: (journal: BudgetedJournal, bytes: number) => void
  /** It has let go of so much. */
  shrank: (journal: BudgetedJournal, bytes: number) => void
  /** What they hold together. */
  bytes: () => number
}

export function createJournalBudget(mostBytes: number): JournalBudget {
  /** Those that hold something. */
  const journals = new Set<BudgetedJournal>()
  let total = 0
  const largest = (grown: BudgetedJournal) => {
    let found: BudgetedJournal | undefined
    for (const journal of journals) {
      const hasOlder = journal !== grown || journal.count() > 1
      if (hasOlder && (!found || journal.bytes() > found.bytes())) found = journal
    }
    return found
  }
  return {
    grew: (grown, bytes) => {
      journals.add(grown)
      total += bytes
      while (total > mostBytes) {
        const journal = largest(grown)
        if (!journal) break
        journal.dropOldest()
      }
    },
    shrank: (journal, bytes) => {
      total -= bytes
      if (journal.count() === 0) journals.delete(journal)
    },
    bytes: () => total,
  }
}
