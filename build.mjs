// The JavaScript of the package: our own files and TypeBox, which is some 300 small ones, in a few large ones. Loading
// them one by one took longer than starting the server. Types come from tsc.
import { copyFileSync, rmSync } from 'node:fs'
import { build } from 'esbuild'

rmSync('dist', { recursive: true, force: true })
await build({
  entryPoints: ['src/cli.ts', 'src/index.ts'],
  outbase: '.',
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  chunkNames: 'chunks/[name]-[hash]',
  external: [
    '@faker-js/faker',
    '@fastify/*',
    '@scalar/json-magic',
    'commander',
    'enneo-mock/*',
    'fastify',
    'fastify-plugin',
    'fast-xml-builder',
    'secure-json-parse',
    'yaml',
  ],
})

// TypeBox is in these files, so its licence goes with them.
copyFileSync('node_modules/@sinclair/typebox/license', 'dist/typebox.license.txt')
