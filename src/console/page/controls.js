import {
  adminAddress,
  apiBase,
  control,
  currentDirectory,
  getJson,
  sendJson,
  session,
  signIn,
  signOut,
  tokenFor,
} from './api.js'
import { card } from './card.js'
import { button, confirmed, copy, field, fill, h, save, trying } from './dom.js'
import { createFaults } from './faults.js'

/** Everything that can be set for the world that is shown. */
export function createView() {
  const element = h('div', { class: 'cards' })
  const parts = [
    createIdentity,
    createSandboxes,
    createScenario,
    createTiming,
    createFaults,
    createState,
    createSnapshots,
  ].map((create) => create())
  fill(
    element,
    parts.map((part) => part.element),
  )
  const open = () => Promise.all(parts.map((part) => part.read?.()))
  return { element, open, close: () => {} }
}

const worldChanged = () => window.dispatchEvent(new Event('world-changed'))

function createIdentity() {
  const people = h('dl', { class: 'facts' })
  const element = card(
    'Persona and token',
    'Sign this browser in, and an app on this host is that persona too. Calls from this page use the one chosen above.',
    people,
    h(
      'p',
      { class: 'row' },
      button(
        'Sign in',
        () => trying(() => signIn(session.persona), `This browser is signed in as ${session.persona}`),
        { class: 'primary' },
      ),
      button('Sign out', () => trying(signOut, 'This browser is signed out')),
      button('Copy token', async () => copy(await tokenFor(session.persona), `Token of ${session.persona}`)),
    ),
    h(
      'dl',
      { class: 'facts' },
      h('dt', {}, 'API'),
      h('dd', {}, h('code', {}, apiBase.href)),
      h('dt', {}, 'Control plane'),
      h('dd', {}, h('code', {}, adminAddress)),
    ),
  )
  return {
    element,
    read: () => {
      fill(
        people,
        Object.entries(currentDirectory().personas).flatMap(([name, id]) => [
          h('dt', {}, name),
          h('dd', {}, `profile ${id}`),
        ]),
      )
    },
  }
}

function createSandboxes() {
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
          h(
            'tr',
            {},
            ['Name', 'Scenario', 'Faults', 'Calls', 'Last call', ''].map((text) =>
              text ? h('th', { scope: 'col' }, text) : h('td'),
            ),
          ),
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
            await control('GET', 'state/directory', { headers: { 'x-mock-sandbox': made } })
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
            h('th', { scope: 'row' }, name ?? 'default'),
            h('td', {}, scenario),
            h('td', { class: 'numbers' }, faults),
            h('td', { class: 'numbers' }, calls),
            h(
              'td',
              {},
              lastCall
                ? `${lastCall.status ?? 'cut'} ${lastCall.method} ${lastCall.path.replace('/api/mind', '')}`
                : 'none',
            ),
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

function createScenario() {
  const choices = h('div', { class: 'list' })
  const element = card('Scenario', 'One word for how everything behaves.', choices)
  const draw = ({ name, scenarios }) =>
    fill(
      choices,
      h(
        'fieldset',
        {},
        h('legend', { class: 'hidden' }, 'Scenario'),
        scenarios.map((scenario) =>
          h(
            'label',
            { class: 'choice' },
            h('input', {
              type: 'radio',
              name: 'scenario',
              checked: scenario.name === name,
              onchange: () =>
                trying(
                  async () => draw(await sendJson('PUT', 'scenario', { name: scenario.name })),
                  `The scenario is ${scenario.name}`,
                ),
            }),
            h('span', {}, h('b', {}, scenario.name), h('small', {}, scenario.about)),
          ),
        ),
      ),
    )
  return { element, read: async () => draw(await getJson('scenario')) }
}

function createTiming() {
  const delay = h('input', {
    pattern: '\\d{1,5}(-\\d{1,5})?',
    placeholder: '500 or 200-800',
    title: 'Milliseconds, or a range of them',
  })
  const clock = h('input', { type: 'datetime-local', step: 1 })
  const clockForm = h(
    'form',
    {
      class: 'row',
      onsubmit: (event) => {
        event.preventDefault()
        return trying(
          () => sendJson('POST', 'settings', { now: new Date(`${clock.value}Z`).toISOString() }),
          'The clock stands',
        )
      },
    },
    field('Clock stands at (UTC)', clock),
    h('button', {}, 'Stop the clock'),
    button('Let it run', () => trying(() => sendJson('POST', 'settings', { now: null }), 'The clock runs')),
  )
  const element = card(
    'Time',
    'What is added to every call, and what time it is.',
    h(
      'form',
      {
        class: 'row',
        onsubmit: (event) => {
          event.preventDefault()
          const given = delay.value.trim() || '0'
          return trying(
            () => sendJson('POST', 'settings', { delay: /-/.test(given) ? given : Number(given) }),
            `Each call waits ${given} ms`,
          )
        },
      },
      field('Delay in milliseconds', delay),
      h('button', {}, 'Set the delay'),
    ),
    clockForm,
  )
  return {
    element,
    read: async () => {
      const settings = await getJson('settings')
      delay.value = settings.delay === 0 ? '' : String(settings.delay)
      clock.value = settings.now ? settings.now.slice(0, 19) : ''
      clockForm.hidden = !('now' in settings)
    },
  }
}

function createState() {
  const file = h('input', { type: 'file', accept: '.json,application/json' })
  const faults = h('ul', { class: 'items', role: 'alert' })
  const load = () =>
    trying(async () => {
      const [chosen] = file.files
      fill(faults)
      if (chosen === undefined) return
      try {
        await control('PUT', 'state', { text: await chosen.text() })
      } catch (error) {
        fill(
          faults,
          (error.faults ?? [])
            .slice(0, 50)
            .map(({ path, message }) => h('li', { class: 'bad' }, h('b', {}, path), h('p', {}, message))),
        )
        throw error
      } finally {
        file.value = ''
      }
      worldChanged()
    })
  file.addEventListener('change', load)
  const element = card(
    'State',
    'Back to the start, or another start.',
    h(
      'p',
      { class: 'row' },
      button(
        'Reset this world',
        async () => {
          if (
            !(await confirmed(
              'Take back profiles, faults, delay, scenario and calls of this world? Snapshots stay.',
              'Reset',
            ))
          )
            return
          await trying(() => control('POST', 'reset'), 'This world is as at the start')
          worldChanged()
        },
        { class: 'primary' },
      ),
      button('Reset everything', async () => {
        if (
          !(await confirmed('Reset every world, and remove all sandboxes and snapshots?', 'Reset everything'))
        )
          return
        await trying(() => control('POST', 'reset?all=true'), 'Everything is as at the start')
        session.sandbox = undefined
        worldChanged()
      }),
    ),
    field('Load a seed', file, 'A seed document as JSON; a bad one changes nothing.'),
    faults,
    h(
      'p',
      { class: 'row' },
      h('a', { href: 'state', download: 'seed.json', class: 'button', onclick: saveState }, 'Save as a seed'),
    ),
  )
  return { element }
}

/** By hand, because a link sends neither token nor sandbox. */
function saveState(event) {
  event.preventDefault()
  return trying(async () => {
    save(await (await control('GET', 'state')).text(), 'seed.json', 'application/json')
  })
}

function createSnapshots() {
  const names = h('ul', { class: 'plain' })
  const name = h('input', {
    required: true,
    value: 'before-the-demo',
    pattern: '[A-Za-z0-9._\\-]{1,64}',
    title: '1 to 64 letters, digits, dots, underscores or hyphens',
  })
  const read = async () => {
    const { snapshots } = await getJson('snapshots')
    fill(
      names,
      snapshots.map((snapshot) =>
        h(
          'li',
          { class: 'row' },
          h('b', { class: 'grow' }, snapshot),
          button(
            'Restore',
            () =>
              trying(
                () => control('POST', `snapshots/${encodeURIComponent(snapshot)}/restore`),
                `${snapshot} is restored`,
              ),
            { aria: { label: `Restore ${snapshot}` } },
          ),
          button(
            'Remove',
            async () => {
              await trying(
                () => control('DELETE', `snapshots/${encodeURIComponent(snapshot)}`),
                `${snapshot} is removed`,
              )
              await read()
            },
            { class: 'quiet', aria: { label: `Remove ${snapshot}` } },
          ),
        ),
      ),
      snapshots.length === 0 && h('li', { class: 'muted' }, 'None yet. Take one before you try something.'),
    )
  }
  const element = card(
    'Snapshots',
    'Keep this world as it is now, and come back to it.',
    names,
    h(
      'form',
      {
        class: 'row',
        onsubmit: async (event) => {
          event.preventDefault()
          await trying(
            () => control('POST', `snapshots/${encodeURIComponent(name.value)}`),
            `${name.value} is taken`,
          )
          await read()
        },
      },
      field('Name', name),
      h('button', {}, 'Take a snapshot'),
    ),
  )
  return { element, read }
}
