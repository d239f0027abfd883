// Every dependency that is shipped must have a licence from this list, as package-lock.json records it.
import { readFileSync } from 'node:fs'

const allowed = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
])
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const shipped = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev)

const isAllowed = (licence = 'none') =>
  licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((part) => allowed.has(part)))
const bad = shipped.filter(([, { license }]) => !isAllowed(license))
for (const [path, { license }] of bad) console.error(`${path}: ${license ?? 'no licence recorded'}`)
console.log(`${shipped.length} shipped dependencies, ${bad.length} with another licence`)
process.exitCode = bad.length > 0 || shipped.length === 0 ? 1 : 0
