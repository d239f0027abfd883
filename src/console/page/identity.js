import { adminAddress, apiBase, currentDirectory, session, signIn, signOut, tokenFor } from './api.js'
import { card } from './card.js'
import { button, copy, fill, h, trying } from './dom.js'

/** Who this page and this browser act as. */
export function createIdentity() {
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
