// Whether costs grow with the seed: a reset, and a page of GET /profiles, on small and large seeds in turn.
import { createMock, generateSeed } from '../dist/src/index.js'

const sizes = [30, 100, 100_000]
const rounds = 30
const callsPerRound = 20

const mocks = []
for (const profiles of sizes) mocks.push(await prepare(profiles))

async function prepare(profiles) {
  const mock = await createMock({ listen: false, seed: await generateSeed({ profiles }) })
  const authorization = `Bearer ${mock.token('admin')}`
  const body = JSON.stringify({ profiles: [{ id: 5, lang: 'en' }] })
  const change = () =>
    mock.fetch(`${mock.url}/profiles`, { method: 'PATCH', headers: { authorization }, body })
  const read = (query) => mock.fetch(`${mock.url}/profiles${query}`, { headers: { authorization } })
  return { profiles, mock, change, read }
}

const measures = {
  'reset after a change': async ({ mock, change }) => {
    await change()
    return timed(() => mock.reset())
  },
  'first page, no filter': ({ read }) => timed(() => read('?limit=20')),
  'page by ids': ({ read }) => timed(() => read('?userIds[]=5&userIds[]=7&userIds[]=9')),
  'page that scans (q, no match)': ({ read }) => timed(() => read('?q=nobody-has-this-name')),
}

async function timed(action) {
  const begun = process.hrtime.bigint()
  await action()
  return Number(process.hrtime.bigint() - begun) / 1e3
}

const samples = new Map()
for (let round = 0; round < rounds; round += 1) {
  for (const [name, measure] of Object.entries(measures)) {
    // A page that scans is slow by nature; a few are enough.
    const calls = name.includes('scans') ? 1 : callsPerRound
    for (const world of mocks) {
      for (let call = 0; call < calls; call += 1) add(`${name}/${world.profiles}`, await measure(world))
    }
  }
}

function add(key, value) {
  samples.set(key, [...(samples.get(key) ?? []), value])
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]
console.log(`medians of ${rounds} rounds in turn, µs, and as a multiple of the smallest seed`)
for (const name of Object.keys(measures)) {
  const medians = sizes.map((size) => median(samples.get(`${name}/${size}`)))
  const cells = sizes.map((size, index) => {
    const multiple = (medians[index] / medians[0]).toFixed(2)
    return `${size.toLocaleString('en')} profiles: ${medians[index].toFixed(0)} (${multiple}x)`
  })
  console.log(`${name.padEnd(32)}${cells.join('   ')}`)
}
for (const { mock } of mocks) await mock.close()
