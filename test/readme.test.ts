import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { refusals } from '../schemas/refusals.ts'
import { runCommandLine } from '../src/command-line/command-line.ts'
import { createMock } from '../src/library/create-mock.ts'
import { parseSeed } from '../src/seed/seed.ts'
import { flagOf, options } from '../src/settings.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** The code blocks of one language, as they stand. */
const blocks = (language: string) =>
  [...readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, name, text]) =>
    name === language && text !== undefined ? [text] : [],
  )

/** `npm run -s token -- <who>`, without a package runner. */
async function tokenOf(t: Test, who: string): Promise<string> {
  const printed = t.capture(console, 'log', () => {})
  t.equal(await runCommandLine(['token', who]), 0)
  const [call] = printed()
  printed.restore()
  return call?.args[0] as string
}

async function withTokens(t: Test, command: string): Promise<string> {
  let text = command
  for (const [whole, who] of command.matchAll(/\$\(npm run -s token -- (\w+)\)/g)) {
    text = text.replace(whole, await tokenOf(t, who as string))
  }
  return text
}

/** In an expected answer `…` stands for any text. */
function matching(answer: string): RegExp {
  const literal = answer.split('…').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${literal.join('.*')}$`, 's')
}

t.test('the curl commands of README get the answers shown beside them', async (t) => {
  const mock = await createMock()
  t.teardown(() => mock.close())
  const { origin } = new URL(mock.url)

  const commands = blocks('sh').filter((text) => text.includes('curl'))
  t.ok(commands.length >= 4, 'there are some')
  for (const block of commands) {
    const [command = '', answer] = block.split(/^# (?=\d{3})/m)
    const line = (await withTokens(t, command)).trim().replace('http://localhost:8005', origin)
    const { stdout } = await promisify(execFile)('sh', ['-c', `${line} -sS -w '\\n%{http_code}'`])
    const [status, body] = [stdout.slice(-3), stdout.slice(0, -4)]
    t.match(`${status} ${body}`, matching(answer?.trim() ?? 'an answer is shown'), command)
  }
})

t.test('the table of settings in README is what the mock takes', async (t) => {
  const rows = Object.entries(options).map(([name, { value, env, isList, default: fallback, help }]) => {
    const flag = value === undefined ? flagOf(name) : `${flagOf(name)} <${value}>`
    const shown = fallback === undefined || isList ? '' : `\`${fallback}\``
    return `| \`${flag}\` | ${env.map((key) => `\`${key}\``).join(', ')} | \`${name}\` | ${shown} | ${help} |`
  })
  const [, table = ''] = readme.split(/^\| flag \|.*\n\|[-|]+\|\n/m)
  t.strictSame(table.slice(0, table.indexOf('\n\n')).split('\n'), rows)
})

t.test('the seed of README can be used', async (t) => {
  const seeds = blocks('yaml')
  t.equal(seeds.length, 1)
  t.doesNotThrow(() => parseSeed(parse(seeds[0] as string)))
})

t.test('the table of refusals in docs/contract-testing.md is what the journal can say', async (t) => {
  const page = readFileSync(new URL('../docs/contract-testing.md', import.meta.url), 'utf8')
  const [, table = ''] = page.split(/^\| refusal \|.*\n\|[-|]+\|\n/m)
  t.strictSame(
    table.slice(0, table.indexOf('\n\n')).split('\n'),
    Object.entries(refusals).map(
      ([name, { status, source, about }]) => `| \`${name}\` | ${status} | ${source} | ${about} |`,
    ),
  )
})
