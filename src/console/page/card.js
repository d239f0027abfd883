import { h } from './dom.js'

export const card = (title, about, ...content) =>
  h('section', { class: 'card' }, h('h3', {}, title), about && h('p', { class: 'muted' }, about), content)
