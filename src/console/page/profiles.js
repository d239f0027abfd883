import { currentDirectory, getJson } from './api.js'
import { createBulkEdit } from './bulk-edit.js'
import { button, debounced, fill, h, trying } from './dom.js'
import { initialsOf, nameOf } from './people.js'

const pageSize = 100

/** A page of the world's people, with a search, and what to do with those that are picked. */
export function createView() {
  const picked = new Map()
  let offset = 0
  let profiles = []
  let asked = 0

  const search = h('input', {
    type: 'search',
    id: 'search',
    placeholder: 'Name or mail address',
    autocomplete: 'off',
    aria: { label: 'Search profiles' },
    oninput: debounced(() => {
      offset = 0
      read()
    }),
  })
  const range = h('span', { class: 'muted numbers', role: 'status' })
  const back = button('Previous', () => turn(-pageSize))
  const next = button('Next', () => turn(pageSize))
  const all = h('input', {
    type: 'checkbox',
    aria: { label: 'Pick all on this page' },
    onchange: () => pickAll(),
  })
  const rows = h('tbody')
  const table = h(
    'table',
    { class: 'people' },
    h('caption', { class: 'hidden' }, 'Profiles'),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col', class: 'pick' }, all),
        ['Name', 'Type', 'Role', 'Teams', 'Tags', 'Status', 'Calls', 'Chats'].map((name) =>
          h('th', { scope: 'col', class: name.toLowerCase() }, name),
        ),
      ),
    ),
    rows,
  )
  const empty = h('div', { class: 'empty', hidden: true })
  const side = createBulkEdit({
    picked,
    changed: () => read(),
    dropped: () => {
      picked.clear()
      draw()
    },
  })
  const element = h(
    'div',
    { class: 'split' },
    h(
      'section',
      { class: 'pane', aria: { label: 'List of profiles' } },
      h('div', { class: 'toolbar' }, search, h('span', { class: 'grow' }), range, back, next),
      h(
        'div',
        { class: 'scroll', tabIndex: 0, role: 'region', aria: { label: 'Table of profiles' } },
        table,
        empty,
      ),
    ),
    side.element,
  )

  const turn = (by) => {
    offset = Math.max(0, offset + by)
    read()
  }

  async function read() {
    asked += 1
    const mine = asked
    const query = new URLSearchParams({ limit: pageSize + 1, offset, q: search.value })
    const answer = await trying(() => getJson(`state/profiles?${query}`))
    // An answer to an earlier search may come later.
    if (answer === undefined || mine !== asked) return
    profiles = answer.profiles
    draw()
  }

  function draw() {
    const shown = profiles.slice(0, pageSize)
    for (const profile of shown) if (picked.has(profile.id)) picked.set(profile.id, profile)
    fill(rows, shown.map(row))
    back.disabled = offset === 0
    next.disabled = profiles.length <= pageSize
    range.textContent = shown.length === 0 ? 'none' : `${offset + 1} to ${offset + shown.length}`
    all.checked = shown.length > 0 && shown.every(({ id }) => picked.has(id))
    table.hidden = shown.length === 0
    empty.hidden = shown.length > 0
    fill(empty, ...emptyText(search.value))
    side.draw()
  }

  function row(profile) {
    const { settings, type = 'user' } = profile
    const { roleName, teamName } = currentDirectory()
    const name = nameOf(profile)
    const box = h('input', {
      type: 'checkbox',
      checked: picked.has(profile.id),
      aria: { label: `Pick ${name}` },
      onchange: () => {
        if (box.checked) picked.set(profile.id, profile)
        else picked.delete(profile.id)
        line.classList.toggle('picked', box.checked)
        side.draw()
      },
    })
    const line = h(
      'tr',
      {
        class: picked.has(profile.id) ? 'picked' : '',
        onclick: (event) => {
          if (!event.target.closest('input')) box.click()
        },
      },
      h('td', { class: 'pick' }, box),
      h(
        'th',
        { scope: 'row', class: 'name' },
        h(
          'span',
          { class: 'who-is' },
          h('span', { class: 'initials', aria: { hidden: 'true' } }, initialsOf(profile)),
          h(
            'span',
            { class: 'names' },
            h('b', {}, name),
            h('small', {}, `${profile.id} · ${profile.email ?? 'no address'}`),
          ),
        ),
      ),
      h('td', { class: 'type' }, type),
      h('td', { class: 'role' }, roleName(settings.roleId)),
      h('td', { class: 'teams' }, (settings.teamIds ?? []).map(teamName).join(', ')),
      h('td', { class: 'tags numbers' }, (settings.skills?.tagIds ?? []).join(', ')),
      h('td', { class: 'status' }, settings.status && mark(settings.status)),
      h('td', { class: 'calls' }, settings.callRoutingStatus ?? ''),
      h('td', { class: 'chats' }, settings.chatRoutingStatus ?? ''),
    )
    return line
  }

  function pickAll() {
    for (const profile of profiles.slice(0, pageSize)) {
      if (all.checked) picked.set(profile.id, profile)
      else picked.delete(profile.id)
    }
    draw()
  }

  return { element, open: read, close: () => {} }
}

const mark = (status) => h('span', { class: `mark ${status === 'available' ? 'good' : ''}` }, status)

const emptyText = (searched) =>
  searched === ''
    ? [
        h('h3', {}, 'Nobody is here'),
        h(
          'p',
          {},
          'This world has no profiles. Load a seed, or choose another scenario, under ',
          h('a', { href: '#controls' }, 'Controls'),
          '.',
        ),
      ]
    : [
        h('h3', {}, 'Nobody of that name'),
        h('p', {}, 'The search looks at first and last name and at the mail address.'),
      ]
