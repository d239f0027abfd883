#!/usr/bin/env node
// npm run security: writes the table of attacks into SECURITY.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

const file = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url))
const box = /(?<=<!-- attacks -->\n).*(?=<!-- \/attacks -->)/s

/** Each with what is tried, what holds it, the test that shows it, and how to take the guard out. */
export const attacks = () =>
  parse(readFileSync(file('test/attacks/attacks.yaml'), 'utf8')).map(({ test, without, ...attack }) => ({
    ...attack,
    test: { file: test[0], title: test[1] },
    without: { file: without[0], find: without[1], replace: without[2] },
  }))

/** The text with its table as the attacks are now. */
export function withAttacks(text) {
  const lines = []
  let last
  for (const { area, tried, holds, test } of attacks()) {
    if (area !== last)
      lines.push(
        `${last ? '\n' : ''}### ${area}\n`,
        '| what is tried | what holds it | test |',
        '|---|---|---|',
      )
    last = area
    lines.push(`| ${tried} | ${holds} | [${test.file.replace(/^test\/|\.test\.ts$/g, '')}](${test.file}) |`)
  }
  return text.replace(box, () => `${lines.join('\n')}\n`)
}

const [, program, page] = argv
if (program === fileURLToPath(import.meta.url)) writeFileSync(page, withAttacks(readFileSync(page, 'utf8')))
