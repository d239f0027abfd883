import { field, h } from './dom.js'

/** Where the page is, so are its control plane and the API beside it, whatever stands before them. */
const adminBase = new URL('./', document.baseURI)
export const apiBase = new URL('../api/mind', document.baseURI)
export const adminAddress = adminBase.href.replace(/\/$/, '')

/** [demo.console] When a demo begins anew, in ms since 1970; none where the mock is no demo. Its visitors have a sandbox by cookie. */
export async function readNextReset() {
  const answer = await fetch(new URL('health', adminBase), { credentials: 'omit' }).catch(() => undefined)
  const { nextResetAt } = (await answer?.json().catch(() => undefined)) ?? {}
  return nextResetAt === undefined ? undefined : Date.parse(nextResetAt)
}
export const firstReset = await readNextReset()
export const isDemo = firstReset !== undefined
const credentials = isDemo ? 'same-origin' : 'omit'

const kept = (name) => ({
  get: () => sessionStorage.getItem(`enneo-mock ${name}`) ?? undefined,
  set: (value) =>
    value === undefined
      ? sessionStorage.removeItem(`enneo-mock ${name}`)
      : sessionStorage.setItem(`enneo-mock ${name}`, value),
})

/** [console.token] Kept for this tab only. */
const adminToken = kept('admin token')
const chosenSandbox = kept('sandbox')
const chosenPersona = kept('persona')

/** Whose world is shown, and who acts in it. Listeners are told of every change. */
export const session = {
  get sandbox() {
    return chosenSandbox.get()
  },
  set sandbox(name) {
    chosenSandbox.set(name || undefined)
    changed()
  },
  get persona() {
    return chosenPersona.get()
  },
  set persona(name) {
    chosenPersona.set(name)
    changed()
  },
  get hasAdminToken() {
    return adminToken.get() !== undefined
  },
}

const listeners = new Set()
export const onSession = (listener) => listeners.add(listener)
const changed = () => {
  for (const listener of listeners) listener()
}

const worldHeaders = () => (session.sandbox === undefined ? {} : { 'x-mock-sandbox': session.sandbox })

/** A refusal of the mock, in its own words. */
export class Refused extends Error {
  constructor(status, message, faults = []) {
    super(message)
    this.status = status
    this.faults = faults
  }
}

/** Calls the control plane and gives the answer itself. Asks for the token where one is wanted. */
export async function control(method, path, { body, text, headers, ...init } = {}) {
  const token = adminToken.get()
  const sent = text ?? (body === undefined ? undefined : JSON.stringify(body))
  const answer = await fetch(new URL(path, adminBase), {
    method,
    credentials,
    headers: {
      ...worldHeaders(),
      ...(sent !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(sent !== undefined && { body: sent }),
    ...init,
  })
  if (answer.status === 401) {
    await askForToken(token)
    return control(method, path, { body, text, headers, ...init })
  }
  if (answer.ok) return answer
  const said = await answer.json().catch(() => ({}))
  throw new Refused(answer.status, said.message ?? `The mock answered ${answer.status}.`, said.faults)
}

export const getJson = async (path) => (await control('GET', path)).json()
export const sendJson = async (method, path, body) => (await control(method, path, { body })).json()

let asking

/** One dialog, however many calls wait for it. */
function askForToken(refused) {
  if (adminToken.get() !== refused) return Promise.resolve()
  asking ??= new Promise((resolve) => {
    const input = h('input', { type: 'password', autocomplete: 'off', required: true })
    const dialog = h(
      'dialog',
      { class: 'ask', aria: { labelledby: 'ask-title' } },
      h(
        'form',
        {
          onsubmit: (event) => {
            event.preventDefault()
            adminToken.set(input.value.trim())
            dialog.remove()
            asking = undefined
            resolve()
          },
        },
        h('h2', { id: 'ask-title' }, 'Admin token'),
        h(
          'p',
          {},
          refused === undefined
            ? 'This mock wants a token. It was printed at the start, or set with --admin-api-token.'
            : 'That token was not the right one.',
        ),
        field('Token', input, 'Kept for this tab only.'),
        h('p', { class: 'row end' }, h('button', { class: 'primary' }, 'Continue')),
      ),
    )
    dialog.addEventListener('cancel', (event) => event.preventDefault())
    document.body.append(dialog)
    dialog.showModal()
  })
  return asking
}

/** A token of the vendor's API for a persona or a profile id. The browser's own cookie stays as it is. */
export async function tokenFor(who) {
  const whom = typeof who === 'number' ? { userId: who } : { persona: who }
  return (await sendJson('POST', 'tokens', { ...whom, cookie: false })).token
}

/** Signs the browser itself in, so that an app on this host is that persona too. */
export const signIn = (persona) =>
  control('POST', 'tokens', { body: { persona }, credentials: 'same-origin' })
export const signOut = () => control('DELETE', 'tokens', { credentials: 'same-origin' })

/** One call to the vendor's API, as it is sent. `who` is a persona, a profile id, or nobody. */
export async function callApi({ method, path, body, who, headers = {} }) {
  const token = who === undefined ? undefined : await tokenFor(who)
  const started = performance.now()
  const answer = await fetch(apiBase.href + path, {
    method,
    // Nobody is nobody, whoever this browser is signed in as.
    credentials: token === undefined ? 'omit' : credentials,
    headers: {
      ...worldHeaders(),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return {
    status: answer.status,
    text,
    duration: performance.now() - started,
    fault: answer.headers.get('x-mock-fault'),
  }
}

let directory

/** Personas, roles and teams of the world that is shown. */
export async function readDirectory() {
  directory = await getJson('state/directory')
  directory.roleName = (id) =>
    directory.roles.find((role) => role.id === id)?.name ?? (id === undefined ? '' : `role ${id}`)
  directory.teamName = (id) => directory.teams.find((team) => team.id === id)?.name ?? `team ${id}`
  directory.personaOf = (id) =>
    Object.keys(directory.personas).find((name) => directory.personas[name] === id)
  return directory
}

export const currentDirectory = () => directory
