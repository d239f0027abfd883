import { control, currentDirectory, getJson, sendJson } from './api.js'
import { card } from './card.js'
import { button, field, fill, h, select, trying } from './dom.js'

const effects = [
  ['503', '503 Service Unavailable'],
  ['500', '500 Internal Server Error'],
  ['429', '429 Too Many Requests'],
  ['401', '401 Unauthorized'],
  ['403', '403 Forbidden'],
  ['404', '404 Not Found'],
  ['CONNECTION_RESET_BY_PEER', 'connection reset'],
  ['EMPTY_RESPONSE', 'empty response'],
  ['MALFORMED_RESPONSE_CHUNK', 'malformed response'],
  ['delay', 'only the delay'],
]

/** What goes wrong on purpose, how often it still will, and what else could. */
export function createFaults() {
  const rows = h('ul', { class: 'plain' })
  const effect = select(effects)
  const method = select([['', 'any'], ...['GET', 'PATCH'].map((name) => [name])])
  const path = h('input', { value: '/api/mind/profiles' })
  const persona = select([['', 'anybody']])
  const times = h('input', { type: 'number', min: 1, value: 1 })
  const after = h('input', { type: 'number', min: 0, value: 0 })
  const delay = h('input', {
    pattern: '\\d{1,5}(-\\d{1,5})?',
    placeholder: 'none',
    title: 'Milliseconds, or a range of them',
  })
  const phase = select([
    ['before-commit', 'before the change'],
    ['after-commit', 'after the change'],
  ])

  const read = async () => {
    const { faults } = await getJson('faults')
    fill(
      persona,
      [['', 'anybody'], ...Object.entries(currentDirectory().personas).map(([name, id]) => [id, name])].map(
        ([value, text]) => h('option', { value }, text),
      ),
    )
    fill(
      rows,
      faults.map((fault) =>
        h(
          'li',
          { class: 'row' },
          h(
            'span',
            { class: 'grow' },
            h('b', {}, whatOf(fault)),
            h('small', { class: 'block muted' }, `${whereOf(fault)} · ${leftOf(fault)}`),
          ),
          button(
            'Remove',
            async () => {
              await trying(() => control('DELETE', `faults/${fault.id}`))
              await read()
            },
            { class: 'quiet', aria: { label: `Remove ${fault.id}` } },
          ),
        ),
      ),
      faults.length === 0 &&
        h('li', { class: 'muted' }, 'Nothing is armed: every call gets its honest answer.'),
    )
  }

  async function arm(event) {
    event.preventDefault()
    const kind = effect.value
    const given = delay.value.trim()
    const match = {
      ...(method.value !== '' && { method: method.value }),
      ...(path.value.trim() !== '' && { path: path.value.trim() }),
      ...(persona.value !== '' && { userId: Number(persona.value) }),
    }
    const fault = {
      ...(Object.keys(match).length > 0 && { match }),
      ...(/^\d/.test(kind) ? { status: Number(kind) } : kind !== 'delay' && { fault: kind }),
      ...(given !== '' && { delay: /-/.test(given) ? given : Number(given) }),
      ...(times.value !== '' && { times: Number(times.value) }),
      ...(after.value !== '' && after.value !== '0' && { after: Number(after.value) }),
      ...(phase.value !== 'before-commit' && { phase: phase.value }),
    }
    await trying(() => sendJson('POST', 'faults', fault), 'The fault is armed')
    await read()
  }

  const element = card(
    'Faults',
    'Let the next calls fail, and see what your app does.',
    rows,
    h(
      'form',
      { class: 'fields', onsubmit: arm, aria: { label: 'Arm a fault' } },
      field('What happens', effect),
      field('When', phase),
      field('Method', method),
      field('Caller', persona),
      field('Path', path),
      field('Delay in ms', delay),
      field('How often', times, 'Empty: until it is removed'),
      field('Let pass first', after),
      h(
        'p',
        { class: 'row wide' },
        h('button', { class: 'primary' }, 'Arm'),
        button('Remove all', async () => {
          await trying(() => control('DELETE', 'faults'), 'No fault is armed')
          await read()
        }),
      ),
    ),
  )
  return { element, read }
}

const whatOf = ({ status, fault, body, delay }) =>
  [
    status ??
      (fault ? fault.toLowerCase().replaceAll('_', ' ') : body === undefined ? undefined : 'another body'),
    delay !== undefined && `after ${delay} ms`,
  ]
    .filter(Boolean)
    .join(' ')

const whereOf = ({ match = {}, phase }) =>
  [
    match.method ?? 'any method',
    match.path ?? 'any path',
    match.userId !== undefined && `profile ${match.userId}`,
    phase === 'after-commit' && 'after the change',
  ]
    .filter(Boolean)
    .join(', ')

const leftOf = ({ times, injected, after = 0, matched }) => {
  const waiting = Math.max(0, after - matched)
  const left = times === undefined ? 'until it is removed' : `${times - injected} of ${times} left`
  return waiting > 0 ? `${waiting} pass first, ${left}` : left
}
