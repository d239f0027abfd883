import { callApi, currentDirectory, getJson, sendJson, session } from './api.js'
import { differenceList, parsed, pretty } from './differences.js'
import { button, copy, field, fill, h, json, select, trying } from './dom.js'
import { nameOf } from './people.js'
import { curlOf, fetchOf } from './snippet.js'

const path = '/profiles'
const routing = ['idle', 'interacting', 'beingConnected', 'notResponding', 'unavailable', 'offline', 'acw']

/** Sends one bulk update for those who are picked, and shows what became of it, item by item. */
export function createBulkEdit({ picked, changed, dropped }) {
  const title = h('h3', {})
  const names = h('p', { class: 'muted names-of' })
  const form = h('form', {
    class: 'fields',
    onsubmit: send,
    oninput: preview,
    aria: { label: 'What to change' },
  })
  const request = h('pre', { tabIndex: 0, aria: { label: 'The request' } })
  const outcome = h('div', { class: 'outcome', aria: { live: 'polite' } })
  const sendButton = h('button', { class: 'primary', type: 'submit' })
  const element = h(
    'aside',
    { class: 'side', hidden: true, aria: { label: 'Bulk edit' } },
    h('header', { class: 'row' }, title, button('Unpick all', dropped, { class: 'quiet' })),
    names,
    form,
    h('details', { class: 'request' }, h('summary', {}, `PATCH ${path}`), request),
    h(
      'p',
      { class: 'row' },
      button('Copy as curl', () => copy(curlOf('PATCH', `${path}`, body()), 'Command')),
      button('Copy as fetch', () => copy(fetchOf('PATCH', `${path}`, body()), 'JavaScript')),
    ),
    outcome,
  )
  let controls

  /** The choices are those of the world, so they are made once it is known. */
  function build() {
    const { roles, teams, statuses } = currentDirectory()
    const keep = ['', 'leave as it is']
    controls = {
      role: select([keep, ...roles.map(({ id, name }) => [id, name])]),
      teams: h(
        'div',
        { class: 'choices' },
        teams.map(({ id, name }) => h('label', {}, h('input', { type: 'checkbox', value: id }), name)),
      ),
      replaceTeams: h('input', { type: 'checkbox' }),
      tags: h('input', { inputMode: 'numeric', placeholder: 'leave as they are', pattern: '[0-9, ]*' }),
      channels: h('input', { placeholder: 'leave as they are' }),
      status: select([keep, ...statuses.map((name) => [name])]),
      calls: select([keep, ...routing.map((name) => [name])]),
      chats: select([keep, ...routing.map((name) => [name])]),
      more: h('textarea', { rows: 2, placeholder: '{"lang": "de"}', spellcheck: false }),
    }
    fill(
      form,
      field('Role', controls.role),
      field('Status', controls.status),
      field('Calls', controls.calls),
      field('Chats', controls.chats),
      field('Skill tags', controls.tags, 'Numbers, with commas'),
      field('Skill channels', controls.channels, 'Such as email, chat'),
      h(
        'fieldset',
        { class: 'wide' },
        h('legend', {}, 'Teams'),
        h('label', { class: 'row' }, controls.replaceTeams, 'Replace the teams by those chosen below'),
        controls.teams,
      ),
      h(
        'details',
        { class: 'wide' },
        h('summary', {}, 'Anything else'),
        field('JSON, merged into each item', controls.more),
      ),
      h('p', { class: 'row wide' }, sendButton),
    )
  }

  /** What each item says beside its id. */
  function patch() {
    const { role, teams, replaceTeams, tags, channels, status, calls, chats, more } = controls
    const list = (text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '')
    const skills = {
      ...(tags.value.trim() !== '' && { tagIds: list(tags.value).map(Number) }),
      ...(channels.value.trim() !== '' && { channels: list(channels.value) }),
    }
    const settings = {
      ...(role.value !== '' && { roleId: Number(role.value) }),
      ...(replaceTeams.checked && {
        teamIds: [...teams.querySelectorAll('input:checked')].map(({ value }) => Number(value)),
      }),
      ...(Object.keys(skills).length > 0 && { skills }),
      ...(status.value !== '' && { status: status.value }),
    }
    const other = more.value.trim() === '' ? {} : JSON.parse(more.value)
    return {
      ...(calls.value !== '' && { callRoutingStatus: calls.value }),
      ...(chats.value !== '' && { chatRoutingStatus: chats.value }),
      ...other,
      ...((Object.keys(settings).length > 0 || other.settings) && {
        settings: { ...settings, ...other.settings },
      }),
    }
  }

  const body = () => {
    const change = patch()
    return { profiles: [...picked.keys()].map((id) => ({ id, ...change })) }
  }

  function preview() {
    const more = controls.more.value.trim()
    const isJson = more === '' || isObject(parsed(more))
    const change = isJson ? patch() : undefined
    controls.more.setCustomValidity(change === undefined ? 'This is no JSON object.' : '')
    const isEmpty = change !== undefined && Object.keys(change).length === 0
    sendButton.disabled = change === undefined || isEmpty
    sendButton.textContent = isEmpty ? 'Choose what to change' : `Send as ${session.persona}`
    request.textContent = change === undefined ? '' : json(body())
  }

  async function send(event) {
    event.preventDefault()
    sendButton.disabled = true
    const sent = body()
    const answer = await trying(() => callApi({ method: 'PATCH', path, body: sent, who: session.persona }))
    if (answer !== undefined) await trying(() => show(sent, answer))
    changed()
  }

  async function show(sent, answer) {
    const call = await callOf(sent, answer.status)
    fill(
      outcome,
      h(
        'h4',
        {},
        h('span', { class: `code s${String(answer.status)[0]}` }, answer.status),
        ` in ${Math.round(answer.duration)} ms `,
        call && h('a', { href: `#traffic/${call.id}` }, `call ${call.id}`),
      ),
      call?.reason && h('p', { class: 'reason' }, call.reason),
      answer.fault && h('p', { class: 'reason' }, `Injected: ${answer.fault}`),
      itemList(sent, answer, call),
      h('details', {}, h('summary', {}, 'Answer'), h('pre', { tabIndex: 0 }, pretty(answer.text))),
    )
    outcome.scrollIntoView({ block: 'nearest' })
  }

  function itemList(sent, { text, status }, call) {
    const results = parsed(text)?.results
    const people = new Map([...picked.values()].map((profile) => [profile.id, nameOf(profile)]))
    return h(
      'ul',
      { class: 'items' },
      sent.profiles.slice(0, 500).map(({ id }, index) => {
        const result = status === 200 ? results?.[index] : results?.find((entry) => entry.id === id)
        const isGood = status === 200 && result?.success === true
        const told = call?.violations.filter((entry) => entry.index === index) ?? []
        const differences = call?.changes.find((change) => change.id === id)?.differences ?? []
        return h(
          'li',
          { class: isGood ? 'good' : 'bad' },
          h('b', {}, people.get(id) ?? `profile ${id}`),
          h('span', { class: 'verdict' }, isGood ? 'applied' : status === 200 ? 'failed' : 'not written'),
          told.map(({ message }) => h('p', { class: 'reason' }, message)),
          isGood && differenceList(differences),
        )
      }),
    )
  }

  return {
    element,
    draw: () => {
      element.hidden = picked.size === 0
      if (picked.size === 0) {
        fill(outcome)
        return
      }
      if (controls === undefined) build()
      title.textContent = picked.size === 1 ? 'Change 1 profile' : `Change ${picked.size} profiles`
      const first = [...picked.values()].slice(0, 4).map(nameOf).join(', ')
      names.textContent = picked.size > 4 ? `${first} and ${picked.size - 4} more` : first
      preview()
    },
  }
}

/** The journal's entry of what was just sent. A call that is refused before its body is read has none there. */
async function callOf(sent, status) {
  const { requests } = await sendJson('POST', 'requests/find', { method: 'PATCH', status })
  const text = JSON.stringify(sent)
  const isIt = ({ path: called, body }) =>
    called.endsWith(path) && (body === undefined || JSON.stringify(body) === text)
  const last = requests.findLast(isIt)
  return last && getJson(`requests/${last.id}`)
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
