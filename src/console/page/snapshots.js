import { control, getJson } from './api.js'
import { card } from './card.js'
import { button, field, fill, h, trying } from './dom.js'

/** States that are kept by name. */
export function createSnapshots() {
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
