import { control, getJson } from './api.js'

/** The calls of the world that is shown, newest last, as many as a person can make use of. */
export const live = { calls: [], isConnected: false }

const most = 5000
const listeners = new Set()
let connection

/** Is told when there are more or fewer calls. Returns how to stop that. */
export function onLive(listener) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

let isTelling = false

/** Many calls in one frame are told once. */
function tell() {
  if (isTelling) return
  isTelling = true
  requestAnimationFrame(() => {
    isTelling = false
    for (const listener of listeners) listener()
  })
}

export function clearLive() {
  live.calls = []
  tell()
}

/** Reads the journal anew: after a reset, an undo, or when the stream was cut. */
export async function readLive() {
  const { requests } = await getJson('requests')
  live.calls = requests
  tell()
}

/** Listens to the world that is shown now, and to no other any more. */
export function startLive() {
  connection?.abort()
  connection = new AbortController()
  clearLive()
  listen(connection.signal)
}

async function listen(signal) {
  while (!signal.aborted) {
    try {
      // A stream by fetch, because an EventSource cannot send a token.
      const answer = await control('GET', 'events', { signal })
      await readLive()
      live.isConnected = true
      await readEvents(answer.body, signal)
    } catch (error) {
      if (signal.aborted) return
      console.debug('the stream of calls was cut', error.message)
    }
    live.isConnected = false
    tell()
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}

async function readEvents(body, signal) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done || signal.aborted) return
    text += value
    const events = text.split('\n\n')
    text = events.pop()
    for (const event of events) add(event)
  }
}

function add(event) {
  const data = event.split('\n').find((line) => line.startsWith('data: '))
  if (data === undefined) return
  const call = JSON.parse(data.slice(6))
  const last = live.calls.at(-1)
  if (last && call.id <= last.id) {
    // What was read with the journal comes again; an id from the beginning is one after a reset.
    if (live.calls.some(({ id, at }) => id === call.id && at === call.at)) return
    live.calls = []
  }
  live.calls.push(call)
  if (live.calls.length > most) live.calls = live.calls.slice(-most)
  tell()
}
