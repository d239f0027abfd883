// The JavaScript of the package. Types come from tsc.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { build } from 'esbuild'

const common = {
  outbase: '.',
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
}

rmSync('dist', { recursive: true, force: true })

// The library, once and for `require`, so that importing and requiring it give the same classes. The host brings the
// framework, so that there is only one.
const library = {
  ...common,
  outdir: 'dist/cjs',
  splitting: false,
  format: 'cjs',
  packages: 'external',
  alias: { '@sinclair/typebox': './node_modules/@sinclair/typebox' },
}
await build({
  ...library,
  entryPoints: ['src/library/library.ts', 'src/client.ts'],
  // The package finds its own files by its name, which it has above the package.json of this folder only.
  define: { 'import.meta.url': 'urlInPackage' },
  banner: {
    js: "const urlInPackage = new (require('node:url').URL)('../../..', require('node:url').pathToFileURL(__filename)).href;",
  },
})
// What is required of it takes the library from Node's own realm: docs/decisions/beside-the-sandbox.md.
await build({
  ...library,
  entryPoints: ['src/index.ts'],
  plugins: [
    {
      name: 'the library is a file of its own',
      setup: ({ onResolve }) =>
        onResolve({ filter: /\/library\.ts$/ }, () => ({ path: './library/library.js', external: true })),
    },
  ],
  banner: {
    js: "require = require('node:vm').runInThisContext('process').getBuiltinModule('node:module').createRequire(__filename);",
  },
})
writeFileSync('dist/cjs/package.json', '{ "type": "commonjs" }\n')
mkdirSync('dist/src')
writeFileSync('dist/src/index.js', "export * from '../cjs/src/index.js'\n")
await build({ ...common, entryPoints: ['src/client.ts'], platform: 'neutral' })

// The framework's own compilers of schemas are never asked for, as src/http/own-compilers.ts has it: a quarter of the
// code that a start has to read.
const withoutCompilers = {
  name: 'no compilers of schemas',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^@fastify\/(?:ajv-compiler|fast-json-stringify-compiler)$/ }, ({ path }) => ({
      path,
      namespace: 'never',
    }))
    onLoad({ filter: /^/, namespace: 'never' }, () => ({ contents: '' }))
  },
}

// An import of `node:http` reads all that it exports, and with it loads a WebSocket client: a sixth of the whole start.
const builtinsByRequire = {
  name: 'builtins are required',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === 'require-call' ? { path, external: true } : { path, namespace: 'builtin' },
    )
    onLoad({ filter: /^/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = require('${path}')`,
    }))
  },
}

// The command, whole: loading hundreds of small files took longer than starting the server.
const { metafile } = await build({
  ...common,
  entryPoints: ['src/cli.ts'],
  chunkNames: 'command/[name]-[hash]',
  minify: true,
  metafile: true,
  legalComments: 'none',
  external: ['@faker-js/faker', '@electric-sql/pglite', 'pg', 'enneo-mock/*'],
  // Of what was written for `require` and is loaded when it is used, a bundle has only the default export.
  alias: { yaml: './node_modules/yaml/browser/index.js' },
  plugins: [builtinsByRequire, withoutCompilers],
  // What it is made of was partly written for `require`.
  banner: {
    js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
  },
})

copyFileSync('node_modules/@sinclair/typebox/license', 'dist/typebox.license.txt')
writeFileSync('dist/command.licenses.txt', licencesOf(metafile))

/** Of every package that is in the command's files. */
function licencesOf({ inputs }) {
  const folders = new Set(
    Object.keys(inputs).flatMap(
      (file) => /^node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [],
    ),
  )
  return [...folders]
    .sort()
    .map((folder) => `${nameOf(folder)}\n\n${licenceIn(folder)}\n`)
    .join('\n\n')
}

function nameOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  return `${name} ${version} (${license})`
}

function licenceIn(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name))
  return file && existsSync(`${folder}/${file}`)
    ? readFileSync(`${folder}/${file}`, 'utf8').trim()
    : 'See its package.'
}
