#!/usr/bin/env node
// npm run reference: writes docs/reference.md from the types and docstrings of the package's entry.
import { writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const path = (file) => fileURLToPath(new URL(file, import.meta.url))
const page = path('reference.md')

/** What a user of the package writes or is given, by the name that the entry exports. */
const chapters = [
  ['A mock in a test', ['createMock', 'CreateMockOptions', 'Mock']],
  [
    'The control client',
    ['createControlClient', 'ControlOptions', 'ControlClient', 'Control', 'TokenOptions'],
  ],
  ['What it takes and gives', ['Fault', 'JournalMatch', 'JournalEntry']],
  ['Inside another Fastify application', ['enneoMock', 'MountOptions']],
  ['The seed', ['Seed', 'Role', 'Team', 'StoredProfile']],
]

/** The page, as the sources are now. */
export function reference() {
  const { config } = ts.readConfigFile(path('../tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, path('..'))
  const entry = path('../src/index.ts')
  const program = ts.createProgram([entry], options)
  const checker = program.getTypeChecker()
  const exported = new Map(
    checker
      .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)))
      .map((symbol) => [
        symbol.name,
        symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
      ]),
  )
  const help = helpOfSettings(program.getSourceFile(path('../src/settings.ts')))
  const text = chapters.map(([title, names]) =>
    [`## ${title}`, ...names.map((name) => entryOf(name, exported.get(name), checker, help))].join('\n\n'),
  )
  return `${[
    '# Reference',
    'Made from the types by `npm run reference`. Settings that `createMock` and a mount take are explained in the README too.',
    ...text,
  ].join('\n\n')}\n`
}

/** A setting is explained by the help of its flag. */
function helpOfSettings(file) {
  const help = new Map()
  const visit = (node) => {
    const isSetting = ts.isPropertyAssignment(node) && ts.isCallExpression(node.initializer)
    const [argument] = isSetting ? node.initializer.arguments : []
    for (const property of argument?.properties ?? []) {
      if (property.name.text === 'help') help.set(node.name.text, property.initializer.text)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return help
}

function entryOf(name, symbol, checker, help) {
  if (!symbol) throw new Error(`The entry exports no ${name}.`)
  const about = textOf(symbol, checker)
  if (!(symbol.flags & ts.SymbolFlags.TypeAlias)) {
    const type = checker.getTypeOfSymbol(symbol)
    const [call] = type.getCallSignatures()
    const shown = call ? checker.signatureToString(call, undefined, format) : ''
    return [`### \`${name}\``, ...(name === 'enneoMock' ? [] : [`\`${name}${shown}\``]), about]
      .filter(Boolean)
      .join('\n\n')
  }
  const rows = rowsOf(checker.getDeclaredTypeOfSymbol(symbol), '', checker, help)
  const table = ['| key | type | |', '|---|---|---|', ...rows].join('\n')
  return [`### \`${name}\``, about, table].filter(Boolean).join('\n\n')
}

const format = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope

/** The keys of a type, and those of its `settings` as well. */
const rowsOf = (type, above, checker, help) =>
  checker.getPropertiesOfType(type).flatMap((property) => {
    const given = checker.getNonNullableType(checker.getTypeOfSymbol(property))
    const own = `${above}${property.name}`
    if (property.name === 'settings') return rowsOf(given, `${own}.`, checker, help)
    const isOptional = property.flags & ts.SymbolFlags.Optional
    const about = textOf(property, checker) || (help.get(property.name) ?? '')
    return [
      `| \`${own}${isOptional ? '?' : ''}\` | \`${cell(typeText(property, given, checker))}\` | ${cell(about)} |`,
    ]
  })

/** As it is written in the sources, if it is. Schemas write no types; lists of what has a table of its own go by its name. */
function typeText(property, type, checker) {
  const written = property.declarations?.find(
    (node) => ts.isPropertySignature(node) && /\/(src|schemas)\//.test(node.getSourceFile().fileName),
  )
  if (written && !/\bT\b/.test(written.type.getText())) return written.type.getText()
  const lists = { roles: 'Role[]', teams: 'Team[]', profiles: 'StoredProfile[]' }
  return lists[property.name] ?? checker.typeToString(type, undefined, format)
}

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

function textOf(symbol, checker) {
  const tags = symbol
    .getJsDocTags(checker)
    .filter(({ name }) => name === 'throws')
    .map(({ text }) => `Throws ${ts.displayPartsToString(text)}`)
  return [ts.displayPartsToString(symbol.getDocumentationComment(checker)), ...tags].join(' ').trim()
}

if (argv[1] === fileURLToPath(import.meta.url)) writeFileSync(page, reference())
