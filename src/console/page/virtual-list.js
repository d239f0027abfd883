import { h } from './dom.js'

const beyond = 8

/**
 * A long list of which only the rows in sight are in the page. `row(item)` makes a row, `key(item)` tells whether one
 * that is there still holds, and `refresh` sets what changes about it.
 */
export function createVirtualList({ rowHeight, row, refresh, key, label }) {
  const space = h('div', { class: 'space', role: 'list', aria: { label } })
  const element = h('div', { class: 'scroll virtual', tabIndex: 0, role: 'region', aria: { label } }, space)
  let items = []
  let rows = new Map()
  let isDue = false

  function draw() {
    isDue = false
    const first = Math.max(0, Math.floor(element.scrollTop / rowHeight) - beyond)
    const last = Math.min(
      items.length,
      Math.ceil((element.scrollTop + element.clientHeight) / rowHeight) + beyond,
    )
    const inSight = new Map(items.slice(first, last).map((item) => [key(item), item]))
    for (const [name, shown] of rows) if (!inSight.has(name)) shown.remove()
    // In the page they stand in the order of the list: that is how they are read out.
    const next = new Map()
    let place = space.firstElementChild
    let index = first
    for (const [name, item] of inSight) {
      const shown = rows.get(name) ?? h('div', { role: 'listitem', class: 'slot' }, row(item))
      if (shown === place) place = place.nextElementSibling
      else space.insertBefore(shown, place)
      refresh(shown.firstElementChild, item)
      shown.style.transform = `translateY(${index * rowHeight}px)`
      shown.setAttribute('aria-setsize', items.length)
      shown.setAttribute('aria-posinset', index + 1)
      next.set(name, shown)
      index += 1
    }
    rows = next
  }

  const drawSoon = () => {
    if (!isDue) requestAnimationFrame(draw)
    isDue = true
  }
  element.addEventListener('scroll', drawSoon, { passive: true })
  const watcher = new ResizeObserver(drawSoon)
  watcher.observe(element)

  return {
    element,
    show: (next) => {
      items = next
      space.style.height = `${items.length * rowHeight}px`
      drawSoon()
    },
    close: () => watcher.disconnect(),
  }
}
