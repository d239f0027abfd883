import { control } from './api.js'
import { createCallDetail } from './call-detail.js'
import { button, confirmed, debounced, fill, h, save, select, trying } from './dom.js'
import { clearLive, live, onLive, readLive } from './live.js'
import { callerOf } from './people.js'
import { createVirtualList } from './virtual-list.js'

const kinds = [
  ['all', 'every status'],
  ['2', '2xx'],
  ['4', '4xx'],
  ['5', '5xx'],
  ['violations', 'with violations'],
  ['changes', 'that changed something'],
]

/** Every call as it happens, and one of them opened. */
export function createView() {
  let isPaused = false
  let shownCalls = live.calls
  let open = Number(location.hash.split('/')[1]) || undefined

  const text = h('input', {
    type: 'search',
    placeholder: 'Path, reason, persona',
    aria: { label: 'Filter calls' },
    oninput: debounced(() => draw()),
  })
  const kind = select(kinds, { aria: { label: 'Kind of calls' }, onchange: () => draw() })
  const pause = button(
    'Pause',
    () => {
      isPaused = !isPaused
      pause.textContent = isPaused ? 'Go on' : 'Pause'
      pause.setAttribute('aria-pressed', String(isPaused))
      draw()
    },
    { aria: { pressed: 'false' } },
  )
  const clear = button('Clear', async () => {
    if (!(await confirmed('Forget every call of this world? What they changed stays.', 'Forget them'))) return
    await trying(() => control('DELETE', 'requests'))
    detail.close()
    clearLive()
  })
  const archive = button('Save as HAR', () =>
    trying(async () => {
      const answer = await control('GET', 'requests?format=har')
      save(await answer.text(), 'enneo-mock.har', 'application/json')
    }),
  )
  const state = h('span', { class: 'muted numbers', role: 'status' })
  const list = createVirtualList({
    rowHeight: 44,
    label: 'Calls, newest first',
    key: (call) => `${call.at} ${call.id} ${call.isUndone}`,
    row: (call) => row(call, () => show(call.id)),
    refresh: (shown, call) => shown.setAttribute('aria-current', String(call.id === open)),
  })
  const empty = h('div', { class: 'empty' })
  const detail = createCallDetail({
    changed: () => trying(readLive),
    closed: () => {
      open = undefined
      history.replaceState(undefined, '', '#traffic')
      element.classList.remove('opened')
      draw()
    },
  })
  const element = h(
    'div',
    { class: 'split traffic' },
    h(
      'section',
      { class: 'pane', aria: { label: 'Calls' } },
      h('div', { class: 'toolbar' }, text, kind, h('span', { class: 'grow' }), state, pause, clear, archive),
      list.element,
      empty,
    ),
    detail.element,
  )

  function show(id) {
    open = id
    history.replaceState(undefined, '', `#traffic/${id}`)
    element.classList.add('opened')
    draw()
    return trying(() => detail.open(id))
  }

  function draw() {
    if (!isPaused) shownCalls = live.calls.slice()
    const matches = matcher(text.value.trim().toLowerCase(), kind.value)
    const found = shownCalls.filter(matches).reverse()
    list.show(found)
    list.element.hidden = found.length === 0
    empty.hidden = found.length > 0
    if (found.length === 0) fill(empty, ...emptyText(live.calls.length === 0))
    const waiting = isPaused ? live.calls.length - shownCalls.length : 0
    state.textContent = isPaused
      ? `paused, ${Math.max(0, waiting)} more`
      : live.isConnected
        ? `${found.length} ${found.length === 1 ? 'call' : 'calls'}`
        : 'not connected'
  }

  const stop = onLive(draw)
  return {
    element,
    open: async () => {
      draw()
      if (open !== undefined) await show(open)
    },
    close: () => {
      stop()
      list.close()
    },
  }
}

function matcher(text, kind) {
  return (call) => {
    if (kind === 'violations' && call.violationCount === 0) return false
    if (kind === 'changes' && !call.changed) return false
    if (/^\d$/.test(kind) && String(call.status)[0] !== kind) return false
    if (text === '') return true
    const { method, path, query = '', status, reason = '', violations, fault = '' } = call
    const told = violations.map(({ message, rule }) => `${rule} ${message}`).join(' ')
    return `${method} ${path} ${query} ${status} ${reason} ${callerOf(call)} ${told} ${fault}`
      .toLowerCase()
      .includes(text)
  }
}

function row(call, onclick) {
  const {
    method,
    path,
    query,
    status,
    duration,
    violationCount,
    reason,
    changed,
    isUndone,
    at,
    fault,
    violations,
  } = call
  const told =
    reason ??
    violations[0]?.message ??
    (fault && `injected: ${fault}`) ??
    (isUndone ? 'undone' : changed && changedText(changed))
  return h(
    'button',
    { type: 'button', class: 'call', onclick },
    h('span', { class: `code s${String(status ?? 0)[0]}` }, status ?? 'cut'),
    h('span', { class: 'method' }, method),
    h(
      'span',
      { class: 'path' },
      path.replace('/api/mind', ''),
      query && h('span', { class: 'muted' }, `?${query}`),
    ),
    h('span', { class: `told ${violationCount > 0 || reason ? 'warn' : 'muted'}` }, told ?? ''),
    h('span', { class: 'caller' }, callerOf(call)),
    h(
      'span',
      { class: 'numbers muted duration' },
      duration === undefined ? '' : `${duration < 10 ? duration.toFixed(1) : Math.round(duration)} ms`,
    ),
    h('time', { class: 'numbers muted', dateTime: at }, at.slice(11, 19)),
  )
}

const changedText = (count) => `changed ${count} ${count === 1 ? 'profile' : 'profiles'}`

const emptyText = (isNoneAtAll) =>
  isNoneAtAll
    ? [
        h('h3', {}, 'No calls yet'),
        h(
          'p',
          {},
          'Calls show up here as they happen. Send one from your app, with the command that the mock printed at its start, or by changing somebody under ',
          h('a', { href: '#profiles' }, 'Profiles'),
          '.',
        ),
      ]
    : [h('h3', {}, 'No call matches'), h('p', {}, 'Change the filter to see the others.')]
