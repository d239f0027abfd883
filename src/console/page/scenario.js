import { getJson, sendJson } from './api.js'
import { card } from './card.js'
import { fill, h, trying } from './dom.js'

/** How everything behaves. */
export function createScenario() {
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
