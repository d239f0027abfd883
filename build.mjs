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

// What is loaded and never asked for: the framework's compilers of schemas (src/http/own-compilers.ts: a quarter of the
// code), HTTP/2, and whether a plugin is for its version, which is known when this is built; commands in programs of
// their own. Measured without the compilers: a twentieth of the whole start.
const unused = {
  '@fastify/ajv-compiler': '',
  '@fastify/fast-json-stringify-compiler': '',
  'node:child_process': '',
  'node:http2': '',
  semver: 'exports.satisfies = () => true',
}
const withoutUnused = {
  name: 'without what is never asked for',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^/ }, ({ path }) =>
      Object.hasOwn(unused, path) ? { path, namespace: 'unused' } : undefined,
    )
    onLoad({ filter: /^/, namespace: 'unused' }, ({ path }) => ({ contents: unused[path] }))
  },
}

// The command, whole: loading hundreds of small files took longer than starting the server.
const { metafile } = await build({
  ...common,
  entryPoints: ['src/command-line/command.ts'],
  outdir: undefined,
  outfile: 'dist/command/command.cjs',
  splitting: false,
  format: 'cjs',
  minify: true,
  metafile: true,
  legalComments: 'none',
  external: ['@faker-js/faker', '@electric-sql/pglite', 'pg', 'enneo-mock/*'],
  // What is loaded out of a cache cannot import.
  supported: { 'dynamic-import': false },
  plugins: [withoutUnused],
  define: { 'import.meta.url': 'urlOfFile' },
  banner: { js: "const urlOfFile = require('node:url').pathToFileURL(__filename).href;" },
})

// What starts it.
await build({
  ...common,
  entryPoints: ['src/cli.ts'],
  splitting: false,
  minify: true,
  plugins: [
    {
      name: 'the command is a file of its own',
      setup: ({ onLoad }) =>
        onLoad({ filter: /\/command-line\/command\.ts$/ }, () => ({
          resolveDir: 'src/command-line',
          contents: `
            import { requireCompiled } from './compiled.ts'
            const { exports, keep } = requireCompiled(
              new URL('../command/command.cjs', import.meta.url),
              process.env.NODE_DISABLE_COMPILE_CACHE === undefined,
            )
            export const { watchedConsole } = exports
            export const runCommandLine = (args) => exports.runCommandLine(args, keep)`,
        })),
    },
  ],
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
