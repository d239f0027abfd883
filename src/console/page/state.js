import { control, session } from './api.js'
import { card } from './card.js'
import { button, confirmed, field, fill, h, save, trying } from './dom.js'

/** Back to the start, to another start, or out into a file. */
export function createState() {
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

const worldChanged = () => window.dispatchEvent(new Event('world-changed'))
