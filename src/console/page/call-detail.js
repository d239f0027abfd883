import { callApi, control, getJson, session } from './api.js'
import { differenceList, pretty } from './differences.js'
import { button, copy, fill, h, json, notify, save, trying } from './dom.js'
import { live } from './live.js'
import { callerOf } from './people.js'

const most = 200

/** One call: what was sent, what was answered, what changed, and what to do about it. */
export function createCallDetail({ changed, closed }) {
  const element = h('aside', { class: 'side', hidden: true, aria: { label: 'One call' } })
  const close = () => {
    element.hidden = true
    closed()
  }

  async function open(id) {
    const call = await callOf(id)
    element.hidden = false
    fill(
      element,
      h(
        'header',
        { class: 'row' },
        h('h3', {}, `${call.method} ${call.path}`),
        button('Close', close, { class: 'quiet', id: 'close-call' }),
      ),
      facts(call),
      call.isGone ? h('p', { class: 'muted' }, 'The journal holds this call no more.') : actions(call),
      call.reason && h('p', { class: 'reason' }, call.reason),
      call.violations.length > 0 && violationList(call),
      section('What changed', changesOf(call)),
      section('Request', textOf(call.body, call.bodyIsCut) ?? h('p', { class: 'muted' }, 'No body.')),
      section(
        'Answer',
        textOf(call.answer, call.answerIsCut) ??
          h('p', { class: 'muted' }, 'The answer is not kept any more, or there was none.'),
      ),
      section(
        'Headers that are kept',
        h(
          'dl',
          { class: 'facts' },
          Object.entries(call.headers).flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
        ),
      ),
    )
  }

  function actions(call) {
    const { id } = call
    return h(
      'p',
      { class: 'row' },
      button(
        'Undo',
        async () => {
          const done = await trying(() => control('POST', `requests/${id}/undo`), `Call ${id} is undone`)
          if (!done) return
          await changed()
          await trying(() => open(id))
        },
        { disabled: !call.changed || call.isUndone === true, class: 'primary' },
      ),
      button('Replay', () => trying(() => replay(call)), { disabled: call.bodyIsCut === true }),
      button('Save as case', () =>
        trying(async () => {
          const answer = await control('GET', `requests/${id}/case`)
          save(await answer.text(), `call-${id}.yaml`, 'application/yaml')
        }, 'Saved: it runs with enneo-mock’s own cases'),
      ),
      button('Copy', () => copy(json(call), 'Call')),
    )
  }

  return { element, open, close }
}

/** What the journal holds of a call, or when that is gone what this page was told of it. */
async function callOf(id) {
  try {
    return await getJson(`requests/${id}`)
  } catch (error) {
    const known = live.calls.find((call) => call.id === id)
    if (error.status !== 404 || known === undefined) throw error
    return { ...known, changed: undefined, changes: [], isGone: true }
  }
}

/** Sends the same once more, as the same caller. */
async function replay({ method, path, query, body, userId, headers }) {
  const telling = ['prefer', 'x-enneo-on-behalf-of'].filter((name) => headers[name] !== undefined)
  const { status } = await callApi({
    method,
    path: path.replace('/api/mind', '') + (query === undefined ? '' : `?${query}`),
    body,
    who: userId,
    headers: Object.fromEntries(telling.map((name) => [name, headers[name]])),
  })
  notify(`Sent again: ${status}`)
}

function facts(call) {
  const { id, at, status, duration, sandbox, fault, refusal, isUndone } = call
  const entries = [
    ['Call', id],
    ['Status', h('span', { class: `code s${String(status ?? 0)[0]}` }, status ?? 'connection cut')],
    ['Caller', callerOf(call)],
    ['Sandbox', sandbox ?? session.sandbox ?? 'default'],
    ['At', at.replace('T', ' ').replace('Z', '')],
    ['Duration', duration === undefined ? undefined : `${duration} ms`],
    ['Refusal', refusal],
    ['Injected', fault],
    ['Undone', isUndone && 'yes'],
  ]
  return h(
    'dl',
    { class: 'facts' },
    entries.filter(([, value]) => value).flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
  )
}

const violationList = ({ violations, violationCount }) =>
  section(
    `Violations (${violationCount})`,
    h(
      'ul',
      { class: 'items' },
      violations
        .slice(0, most)
        .map(({ rule, message, index }) =>
          h(
            'li',
            { class: 'warn' },
            h('b', {}, rule),
            index !== undefined && h('span', { class: 'verdict' }, `item ${index}`),
            h('p', {}, message),
          ),
        ),
    ),
  )

function changesOf({ changes, changed, isUndone }) {
  if (changes.length === 0)
    return h('p', { class: 'muted' }, 'It changed nothing, or what it changed is not kept any more.')
  return [
    isUndone && h('p', { class: 'muted' }, 'All of it has been put back.'),
    changes
      .slice(0, most)
      .map(({ id, differences }) => [h('h5', {}, `Profile ${id}`), differenceList(differences)]),
    changed > most && h('p', { class: 'muted' }, `and ${changed - most} more profiles`),
  ]
}

const section = (title, ...content) => h('section', {}, h('h4', {}, title), content)

function textOf(value, isCut) {
  if (value === undefined) return undefined
  const text = typeof value === 'string' ? pretty(value) : json(value)
  return [
    isCut && h('p', { class: 'muted' }, 'Only its beginning is kept.'),
    h('pre', { tabIndex: 0 }, text.length > 100_000 ? `${text.slice(0, 100_000)}…` : text),
  ]
}
