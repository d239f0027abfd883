import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, openSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { watchedConsole } from '../../src/command-line/output.ts'
import { builtProgram } from '../support/command.ts'

t.setTimeout(120_000)

const sentence = 'Standard output cannot be written (ENOSPC).'
const commands: string[][] = [
  ['token', 'admin', '--port', '1'],
  ['seed', '--profiles', '4'],
  ['--help'],
  ['--version'],
  ['--port', '0'],
  ['seed', '--help'],
]

for (const args of commands) {
  t.test(`${args.join(' ')} on a full disk is one sentence, exit 1`, async (t) => {
    if (!existsSync('/dev/full')) return t.pass('it is told', { skip: 'this machine has no /dev/full' })
    const stdio = ['ignore', openSync('/dev/full', 'w'), 'pipe'] as const
    const child = spawn(process.execPath, [await builtProgram(), ...args], {
      stdio: [...stdio],
      cwd: t.testdir(),
    })
    t.teardown(() => child.kill('SIGKILL'))
    const [stderr, [code]] = await Promise.all([
      text(child.stderr as NodeJS.ReadableStream),
      once(child, 'exit'),
    ])
    t.strictSame([code, stderr], [1, `${sentence}\n`])
    return undefined
  })
}

t.test('a full disk under --out is one sentence, exit 1', async (t) => {
  if (!existsSync('/dev/full')) return t.pass('it is told', { skip: 'this machine has no /dev/full' })
  const args = ['seed', '--profiles', '4', '--out', '/dev/full']
  const child = spawn(process.execPath, [await builtProgram(), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  t.strictSame([code, stderr], [1, 'The file /dev/full cannot be written (ENOSPC).\n'])
  return undefined
})

t.test('a reader that has had enough ends a large seed silently', async (t) => {
  const args = ['seed', '--profiles', '20000']
  const child = spawn(process.execPath, [await builtProgram(), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout.once('data', () => child.stdout.destroy())
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  t.strictSame([code, stderr], [0, ''])
})

t.test('the console tells of everything but a reader that has gone', async (t) => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const told: string[] = []
  watchedConsole({ stdout, stderr } as never, (sentence) => told.push(sentence)).log('x')
  t.equal(String(stdout.read()), 'x\n')
  for (const code of ['EPIPE', 'ENOSPC']) stdout.emit('error', Object.assign(new Error(code), { code }))
  stderr.emit('error', new Error('nobody hears this'))
  t.strictSame(told, [sentence])
})
