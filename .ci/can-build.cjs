// Says in one sentence why `npm ci` cannot build here. Any Node runs it, also one that is too old for the rest.
// biome-ignore lint/style/useNodejsImportProtocol: Node 12 knows no other name
const { existsSync } = require('fs')
// biome-ignore lint/style/useNodejsImportProtocol: Node 12 knows no other name
const { join } = require('path')
const { engines, optionalDependencies } = require('../package.json')

const isMissing = (name) => !existsSync(join(__dirname, '..', 'node_modules', name, 'package.json'))

function problem() {
  const { platform, arch, versions } = process
  const { node } = versions
  const floor = engines.node.replace('>=', '')
  const [[major, minor], [least, leastMinor]] = [node, floor].map((version) => version.split('.').map(Number))
  if (major < least || (major === least && minor < leastMinor)) {
    return `enneo-mock needs Node ${floor} or newer, and this is Node ${node}.`
  }
  const missing = [...Object.keys(optionalDependencies), `@esbuild/${platform}-${arch}`].filter(isMissing)
  if (missing.length === 0) return undefined
  return `Building needs ${missing.join(', ')}, which npm left out; run npm ci without --omit=optional.`
}

const sentence = problem()
if (sentence) {
  console.error(sentence)
  process.exit(1)
}
