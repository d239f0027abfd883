import { getJson, sendJson } from './api.js'
import { card } from './card.js'
import { button, field, h, trying } from './dom.js'

/** Delay and clock. */
export function createTiming() {
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
