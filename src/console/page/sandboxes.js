import { control, getJson, session } from './api.js'
import { card } from './card.js'
import { button, field, fill, h, trying } from './dom.js'

/** The worlds there are, and which one this page shows. */
export function createSandboxes() {
  const rows = h('tbody')
  const name = h('input', {
    required: true,
    pattern: '[A-Za-z0-9._\\-]{1,64}',
    placeholder: 'such as checkout-tests',
    title: '1 to 64 letters, digits, dots, underscores or hyphens',
  })
  const element = card(
    'Sandboxes',
    'Each is a world of its own. Calls choose one with the header X-Mock-Sandbox.',
    h(
      'div',
      { class: 'scroll', tabIndex: 0, role: 'region', aria: { label: 'Table of sandboxes' } },
      h(
        'table',
        {},
        h('caption', { class: 'hidden' }, 'Sandboxes'),
        h(
          'thead',
          {},
          h('tr', {}, h('th', { scope: 'col' }, 'Name'), h('th', { scope: 'col' }, 'Last call'), h('td', {})),
        ),
        rows,
      ),
    ),
    h(
      'form',
      {
        class: 'row',
        onsubmit: (event) => {
          event.preventDefault()
          const made = name.value
          name.value = ''
          return trying(async () => {
            // Looking at one makes none; this changes nothing and does.
            await control('POST', 'requests/count', { body: {}, headers: { 'x-mock-sandbox': made } })
            session.sandbox = made
          }, `This page shows ${made} now`)
        },
      },
      field('Open another', name),
      h('button', {}, 'Open'),
    ),
  )
  return {
    element,
    read: async () => {
      const { sandboxes } = await getJson('sandboxes')
      fill(
        rows,
        sandboxes.map(({ name, scenario, faults, calls, lastCall }) => {
          const isShown = name === session.sandbox
          return h(
            'tr',
            { class: isShown ? 'picked' : '' },
            h(
              'th',
              { scope: 'row' },
              name ?? 'default',
              h(
                'small',
                { class: 'block' },
                `${scenario} · ${counted(faults, 'fault')} · ${counted(calls, 'call')}`,
              ),
            ),
            h('td', {}, lastCall ? lastText(lastCall) : 'none'),
            h(
              'td',
              {},
              isShown
                ? 'shown'
                : button(
                    'Show',
                    () => {
                      session.sandbox = name
                    },
                    { aria: { label: `Show ${name ?? 'default'}` } },
                  ),
            ),
          )
        }),
      )
    },
  }
}

const counted = (count, what) => `${count} ${what}${count === 1 ? '' : 's'}`

const lastText = ({ status = 'cut', method, path }) => `${status} ${method} ${path.replace('/api/mind', '')}`
