#!/usr/bin/env node
// npm run rules: counts the rules of the named page and writes the box at its head.
import { readFileSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

const rule = /^- `([a-z-]+\.[a-z-]+)` \*\*([SPA])(?:, seen (\d{4}-\d\d-\d\d))?\*\* \S/
const box = /(?<=<!-- rules -->\n).*(?=<!-- \/rules -->)/s

/** The rules that the text defines, in its order. */
export function rulesOf(text) {
  let section
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('## ')) section = line.slice(3)
    const [, id, letter, seen] = rule.exec(line) ?? []
    return id === undefined ? [] : [{ id, letter, seen, section }]
  })
}

/** The text with its box as its rules are now. */
export function withBox(text) {
  const rules = rulesOf(text)
  const sections = [...new Set(rules.map(({ section }) => section))].map((section) => {
    const own = rules.filter((rule) => rule.section === section)
    const areas = [...new Set(own.map(({ id }) => `\`${id.split('.')[0]}\``))].join(' ')
    const anchor = section
      .toLowerCase()
      .replaceAll(' ', '-')
      .replace(/[^a-z-]/g, '')
    return row(`[${section}](#${anchor})`, areas, own)
  })
  return text.replace(
    box,
    `${[
      '| section | ids begin with | rules | S | P | A | seen on the real service |',
      '|---|---|--:|--:|--:|--:|--:|',
      ...sections,
      row('**all**', '', rules),
    ].join('\n')}\n`,
  )
}

function row(name, areas, rules) {
  const counts = ['S', 'P', 'A'].map((letter) => rules.filter((rule) => rule.letter === letter).length)
  const seen = rules.filter((rule) => rule.seen).length
  return `| ${[name, areas, rules.length, ...counts, seen].join(' | ')} |`
}

const [, program, page] = argv
if (program === fileURLToPath(import.meta.url)) writeFileSync(page, withBox(readFileSync(page, 'utf8')))
