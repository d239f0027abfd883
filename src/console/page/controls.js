import { isDemo } from './api.js'
import { fill, h } from './dom.js'
import { createFaults } from './faults.js'
import { createIdentity } from './identity.js'
import { createSandboxes } from './sandboxes.js'
import { createScenario } from './scenario.js'
import { createSnapshots } from './snapshots.js'
import { createState } from './state.js'
import { createTiming } from './timing.js'

/** Everything that can be set for the world that is shown. */
export function createView() {
  const columns = h('div', { class: 'columns-of' })
  const element = h(
    'div',
    { class: 'cards', tabIndex: 0, role: 'region', aria: { label: 'Controls' } },
    columns,
  )
  const parts = [
    createIdentity,
    ...(isDemo ? [] : [createSandboxes]),
    createScenario,
    createTiming,
    createSnapshots,
    createFaults,
    createState,
  ].map((create) => create())
  fill(
    columns,
    parts.map((part) => part.element),
  )
  const open = () => Promise.all(parts.map((part) => part.read?.()))
  return { element, open, close: () => {} }
}
