import { brief, h, json } from './dom.js'

/** What became of one profile, place by place. */
export const differenceList = (differences) =>
  differences.length === 0
    ? h('p', { class: 'muted' }, 'Nothing is different.')
    : h(
        'dl',
        { class: 'differences' },
        differences.flatMap(({ path, before, after }) => [
          h('dt', {}, path),
          h('dd', {}, h('del', {}, brief(before)), ' ', h('ins', {}, brief(after))),
        ]),
      )

export const pretty = (text) => parsed(text, json) ?? text

/** What a JSON text holds, or undefined when it is none. */
export function parsed(text, look = (value) => value) {
  try {
    return look(JSON.parse(text))
  } catch {
    return undefined
  }
}
