import t, { type Test } from 'tap'
import { readCases } from '../../../src/contract/cases.ts'
import type { Report } from '../../../src/contract/verify/report.ts'
import { developmentSecret } from '../../../src/start.ts'
import { forgetSettingsOfEnvironment, runHere } from '../../support/run-here.ts'
import { allCredentials, fullProfile, openTarget, seedWithProfiles, tokens } from '../../support/target.ts'

forgetSettingsOfEnvironment()
// Hundreds of cases, one after the other, on a busy machine.
t.setTimeout(300_000)

const full = await seedWithProfiles(fullProfile)
const enneo = await seedWithProfiles({ ...fullProfile, type: 'enneo' })

async function verified(t: Test, base: string, flags: string[]): Promise<{ code: number; report: Report }> {
  const { code, stdout, stderr } = await runHere(t, ['verify', base, '--json', ...flags])
  t.equal(stderr, '')
  return { code, report: JSON.parse(stdout) }
}

const write = (id: number) => [...allCredentials, '--write', '--profile-id', `${id}`]
const secret = ['--jwt-secret', developmentSecret]

const runs: [name: string, flags: string[], atLeast: number, seed?: typeof full][] = [
  ['without anybody signed in', [], 25],
  ['with nothing but the secret of its tokens', secret, 25],
  ['with one token', ['--token', tokens.sign(1)], 170],
  ['with every persona', allCredentials, 195],
  ['with the secret of its tokens', [...allCredentials, ...secret], 195],
  ['writing profile 5', write(5), 365],
  ['writing profile 7, with the secret', [...write(7), ...secret], 365],
  ['writing profile 12', write(12), 375],
  ['writing profile 34, which has hardly any fields', write(34), 290],
  ['writing a profile that has every key, with the secret', [...write(5), ...secret], 430, full],
  ['writing an enneo user', write(5), 200, enneo],
]

for (const [name, flags, atLeast, seed] of runs) {
  t.test(`the mock itself, ${name}: all the same, and the state as it was`, async (t) => {
    const { mock, base } = await openTarget(t, undefined, seed)
    const state = async () => (await mock.inject('/__admin/state')).json()
    const before = await state()
    const { code, report } = await verified(t, base, flags)
    t.strictSame(
      report.cases.filter(({ verdict }) => verdict === 'different'),
      [],
    )
    t.equal(code, 0)
    t.ok(report.counts.same >= atLeast, `${report.counts.same} cases ran`)
    t.equal(report.cases.length, (await readCases()).flatMap(({ cases }) => cases).length)
    t.strictSame(await state(), before)
  })
}
