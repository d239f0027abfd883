import { control, getJson } from './api.js'
import { button, confirmed, fill, h, trying } from './dom.js'

/** The contract as a picture: each thing that can be exercised is one square, filled when it was. */
export function createView() {
  const total = h('div', { class: 'total' })
  const operations = h('div', { class: 'operations' })
  const clear = button('Begin anew', async () => {
    if (!(await confirmed('Forget what calls have exercised so far?', 'Begin anew'))) return
    await trying(() => control('DELETE', 'coverage'), 'Coverage begins anew')
    await open()
  })
  const element = h(
    'div',
    { class: 'contract' },
    h(
      'div',
      { class: 'toolbar' },
      total,
      h('span', { class: 'grow' }),
      button('Look again', () => trying(open)),
      clear,
    ),
    operations,
  )
  const open = async () => {
    const report = await getJson('coverage')
    fill(
      total,
      h('strong', { class: 'big numbers' }, `${report.percent} %`),
      h('span', { class: 'muted' }, ` of the contract was exercised: ${report.covered} of ${report.all}`),
    )
    fill(
      operations,
      report.operations.map(operationCard),
      h(
        'section',
        { class: 'card' },
        h('h3', {}, 'Refusals that any operation can answer'),
        squares('Refusals', report.refusals, refusalText),
      ),
    )
  }
  return { element, open, close: () => {} }
}

function operationCard({
  operationId,
  method,
  path,
  calls,
  covered,
  all,
  percent,
  statuses,
  properties,
  values,
  refusals,
  undocumented,
}) {
  return h(
    'section',
    { class: 'card' },
    h('h3', {}, h('span', { class: 'method' }, method), ' ', path),
    h(
      'p',
      { class: 'muted' },
      `${operationId} · ${calls} ${calls === 1 ? 'call' : 'calls'} · ${covered} of ${all}`,
    ),
    h('meter', { min: 0, max: 100, value: percent, aria: { label: `${percent} % exercised` } }),
    squares('Statuses', statuses, ({ status }) => status),
    squares('Properties', properties, ({ path }) => path),
    squares('Values', values, ({ path, value }) => `${path}: ${value}`),
    squares('Refusals', refusals, refusalText),
    undocumented.length > 0 &&
      h(
        'p',
        { class: 'reason' },
        `Beyond the document: ${undocumented.map(({ status, count }) => `${status} (${count})`).join(', ')}`,
      ),
  )
}

const refusalText = ({ refusal, status }) => `${status} ${refusal}`

function squares(title, entries, textOf) {
  if (entries.length === 0) return undefined
  const covered = entries.filter(({ count }) => count > 0).length
  const missing = entries.filter(({ count }) => count === 0)
  return h(
    'details',
    { class: 'squares' },
    h(
      'summary',
      {},
      h('span', { class: 'label' }, title),
      h(
        'span',
        { class: 'grid', aria: { hidden: 'true' } },
        entries.map(({ count }) => h('i', { class: count > 0 ? 'on' : '' })),
      ),
      h('span', { class: 'muted numbers' }, `${covered} of ${entries.length}`),
    ),
    h(
      'ul',
      { class: 'plain columns' },
      entries.map((entry) =>
        h(
          'li',
          { class: entry.count > 0 ? 'on' : 'off' },
          String(textOf(entry)),
          h('span', { class: 'muted numbers' }, entry.count > 0 ? ` ${entry.count}` : ' not yet'),
        ),
      ),
    ),
    missing.length === 0 && h('p', { class: 'muted' }, 'All of it was exercised.'),
  )
}
