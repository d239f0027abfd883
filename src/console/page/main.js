import { currentDirectory, getJson, isDemo, onSession, readDirectory, session } from './api.js'
import { startCountdown } from './countdown.js'
import { fill, h, trying } from './dom.js'
import { startLive } from './live.js'

const views = {
  profiles: () => import('./profiles.js'),
  traffic: () => import('./traffic.js'),
  controls: () => import('./controls.js'),
  contract: () => import('./contract.js'),
}
const titles = { profiles: 'Profiles', traffic: 'Live traffic', controls: 'Controls', contract: 'Contract' }

const main = document.getElementById('main')
const sandboxes = document.getElementById('sandbox')
const personas = document.getElementById('persona')
let shown

/** The view that the address names, made anew for the world that is shown. */
async function show() {
  const [name] = location.hash.slice(1).split('/')
  const view = views[name] ? name : 'profiles'
  for (const link of document.querySelectorAll('.tabs a')) {
    if (link.hash === `#${view}`) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
  document.title = `${titles[view]} · enneo-mock`
  shown?.close?.()
  const { createView } = await views[view]()
  const next = createView()
  shown = next
  fill(main, h('h2', { class: 'hidden' }, titles[view]), next.element)
  await trying(() => next.open())
}

/** Reads what the header offers: the sandboxes there are, and the personas of the one that is shown. */
export async function refreshHeader() {
  const [{ sandboxes: all }] = await Promise.all([
    isDemo ? { sandboxes: [] } : getJson('sandboxes'),
    readDirectory(),
  ])
  const names = new Set(
    [session.sandbox, ...all.map(({ name }) => name)].filter((name) => name !== undefined),
  )
  fill(
    sandboxes,
    h('option', { value: '', selected: session.sandbox === undefined }, 'default'),
    [...names].sort().map((name) => h('option', { value: name, selected: name === session.sandbox }, name)),
  )
  const known = Object.keys(currentDirectory().personas)
  if (session.persona === undefined || !known.includes(session.persona)) session.persona = known[0]
  fill(
    personas,
    known.map((name) => h('option', { value: name, selected: name === session.persona }, name)),
  )
}

sandboxes.addEventListener('change', () => {
  session.sandbox = sandboxes.value
})
personas.addEventListener('change', () => {
  session.persona = personas.value
})
document.getElementById('who').addEventListener('submit', (event) => event.preventDefault())
window.addEventListener('hashchange', show)

let world = session.sandbox
onSession(async () => {
  if (world === session.sandbox) return
  world = session.sandbox
  await trying(refreshHeader)
  startLive()
  await show()
})
window.addEventListener('world-changed', () => trying(refreshHeader))

if (isDemo) {
  session.sandbox = undefined
  sandboxes.parentElement.hidden = true
  startCountdown(document.getElementById('reset'), async () => {
    await trying(refreshHeader)
    startLive()
    await show()
  })
}
await trying(refreshHeader)
startLive()
await show()
