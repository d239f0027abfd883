import type { JournalEntry } from '../../schemas/journal.ts'

/** A stream of the journal's events over a socket. */
export type EventStream = {
  type: string | null
  /** The next entry; `undefined` when the stream has ended. */
  next: () => Promise<JournalEntry | undefined>
  close: () => void
}

/** Resolves when the mock has begun to send, so that no later call is missed. */
export async function openEventStream(
  adminUrl: string,
  headers: Record<string, string> = {},
): Promise<EventStream> {
  const gone = new AbortController()
  const answer = await fetch(`${adminUrl}/events`, { headers, signal: gone.signal })
  if (!answer.body) throw new Error('the answer has no body')
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const block = async (): Promise<string | undefined> => {
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end !== -1) {
        const found = text.slice(0, end)
        text = text.slice(end + 2)
        return found
      }
      const { done, value } = await reader.read()
      if (done) return undefined
      text += value
    }
  }
  // The first one is a comment, which tells that the mock listens.
  await block()
  return {
    type: answer.headers.get('content-type'),
    next: async () => {
      const found = await block()
      const data = found?.split('\n').find((line) => line.startsWith('data: '))
      return data === undefined ? undefined : JSON.parse(data.slice('data: '.length))
    },
    close: () => gone.abort(),
  }
}
