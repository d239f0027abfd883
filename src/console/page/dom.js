/**
 * [console.markup] An element. Text is always text: no string becomes markup here, whatever a client sent. Properties that begin with
 * `on` are listeners; `data`, `aria` and `style` take objects.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else if (name === 'aria')
      for (const [key, entry] of Object.entries(value)) element.setAttribute(`aria-${key}`, entry)
    else if (name === 'style') Object.assign(element.style, value)
    else if (name === 'class') element.className = value
    else if (name in element && name !== 'list' && name !== 'role') element[name] = value
    else element.setAttribute(name, value === true ? '' : value)
  }
  append(element, children)
  return element
}

/** Children are elements or texts, in lists of any depth; what is absent is left out. */
function append(element, children) {
  for (const child of children.flat(9)) {
    if (child === undefined || child === null || child === false) continue
    element.append(child instanceof Node ? child : document.createTextNode(String(child)))
  }
}

export function fill(element, ...children) {
  element.replaceChildren()
  append(element, children)
  return element
}

export const button = (text, onclick, properties = {}) =>
  h('button', { type: 'button', onclick, ...properties }, text)

let fields = 0

/** A control with its visible label, and a hint where it needs one. */
export function field(label, control, hint) {
  fields += 1
  control.id ||= `field-${fields}`
  if (hint !== undefined) control.setAttribute('aria-describedby', `${control.id}-hint`)
  return h(
    'div',
    { class: 'field' },
    h('label', { htmlFor: control.id }, label),
    control,
    hint && h('small', { id: `${control.id}-hint` }, hint),
  )
}

export const select = (options, properties = {}) =>
  h(
    'select',
    properties,
    options.map(([value, text = value, selected = false]) => h('option', { value, selected }, text)),
  )

/** Tells something, and takes it away again. Bad news stays until it is closed. */
export function notify(text, kind = 'good') {
  const close = () => notice.remove()
  const notice = h(
    'div',
    { class: `notice ${kind}` },
    h('span', {}, text),
    button('Close', close, { class: 'quiet' }),
  )
  document.getElementById('notices').append(notice)
  if (kind === 'good') setTimeout(close, 4000)
}

/** Runs something that may be refused, and tells why. */
export async function trying(action, done) {
  try {
    const result = await action()
    if (done !== undefined) notify(done)
    return result
  } catch (error) {
    notify(error.message, 'bad')
    return undefined
  }
}

/** Asks before something that cannot be taken back. Resolves with whether to go on. */
export function confirmed(question, action) {
  return new Promise((resolve) => {
    const dialog = h(
      'dialog',
      { class: 'ask', aria: { label: question } },
      h('p', {}, question),
      h(
        'p',
        { class: 'row end' },
        button('Cancel', () => dialog.close()),
        button(action, () => dialog.close('yes'), { class: 'primary' }),
      ),
    )
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(dialog.returnValue === 'yes')
    })
    document.body.append(dialog)
    dialog.showModal()
  })
}

export async function copy(text, what) {
  await trying(() => navigator.clipboard.writeText(text), `${what} copied`)
}

/** Hands a text to the user as a file. */
export function save(text, name, type) {
  const address = URL.createObjectURL(new Blob([text], { type }))
  h('a', { href: address, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(address), 1000)
}

/** Calls it once things have been quiet for a moment. */
export function debounced(action, milliseconds = 150) {
  let timer
  return (...args) => {
    clearTimeout(timer)
    timer = setTimeout(() => action(...args), milliseconds)
  }
}

export const json = (value) => JSON.stringify(value, null, 2)

/** One value on one line, as short as it can be told. */
export const brief = (value) =>
  value === undefined ? 'absent' : typeof value === 'string' ? value : JSON.stringify(value)
