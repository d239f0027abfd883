// The JavaScript of the package. Types come from tsc.
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

// The library: our files and TypeBox in a few large ones. The host brings the framework, so that there is only one.
await build({
  ...common,
  entryPoints: ['src/index.ts'],
  chunkNames: 'chunks/[name]-[hash]',
  packages: 'external',
  alias: { '@sinclair/typebox': './node_modules/@sinclair/typebox' },
})

// The command, whole: loading hundreds of small files took longer than starting the server.
const { metafile } = await build({
  ...common,
  entryPoints: ['src/cli.ts'],
  chunkNames: 'command/[name]-[hash]',
  minify: true,
  metafile: true,
  legalComments: 'none',
  external: ['@faker-js/faker', '@electric-sql/pglite', 'pg', 'enneo-mock/*'],
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
