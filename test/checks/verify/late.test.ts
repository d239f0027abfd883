import t, { type Test } from 'tap'
import { reportOf, reportText } from '../../../src/checks/verify/report.ts'
import { type Verification, verify } from '../../../src/checks/verify/verify.ts'
import {
  type Alter,
  type Arrived,
  casesOf,
  fullProfile,
  type Given,
  ofFields,
  openTarget,
  seedWithProfiles,
  tokens,
} from '../../support/target.ts'

type Pass = Parameters<Alter>[1]
type Late = { alter: Alter; wait: () => Promise<unknown> }

const isProfile = ({ method, path }: Arrived) => method === 'GET' && path.includes('/profile/5?')
const isUpdate = ({ method, body }: Arrived) => method === 'PATCH' && /"id":5|"lang"/.test(body)

/** Answers updates at once, and carries them out while somebody waits, or soon after the next few requests. */
function lateWrites(): Late {
  const queue: { request: Arrived; pass: Pass; age: number }[] = []
  const carryOut = async (isDue: (age: number) => boolean) => {
    while (queue[0] && isDue(queue[0].age)) {
      const { request, pass } = queue.shift() as (typeof queue)[number]
      await pass(request)
    }
  }
  return {
    wait: () => carryOut(() => true),
    alter: async (request, pass) => {
      for (const entry of queue) entry.age++
      await carryOut((age) => age > 4)
      if (!isUpdate(request)) return pass(request)
      queue.push({ request, pass, age: 0 })
      return { status: 202, headers: { 'content-type': 'application/json' }, body: '{"results":[]}' }
    },
  }
}

/** Shows what it showed before, until somebody waits or has read some times. */
function lateReads(): Late {
  let shown: Given | undefined
  let reads = 0
  return {
    wait: async () => {
      shown = undefined
    },
    alter: async (request, pass) => {
      if (!isProfile(request)) return pass(request)
      if (!shown || ++reads % 5 === 0) shown = await pass(request)
      return shown
    },
  }
}

const access = {
  callers: new Map(['admin', 'manager', 'agent'].map((name, at) => [name, { token: tokens.sign(at + 1) }])),
  profileId: 5,
}

async function run(
  t: Test,
  { alter, wait }: Late,
): Promise<Verification & { before: unknown; after: unknown }> {
  const { base, mock } = await openTarget(t, alter, await seedWithProfiles(fullProfile))
  const stored = async () => (await mock.inject('/__admin/state/profiles/5')).json()
  const before = await stored()
  const readCases = async () => casesOf(ofFields)
  return { ...(await verify({ target: base, ...access, readCases, wait })), before, after: await stored() }
}

for (const [name, late] of [
  ['carries out updates late', lateWrites()],
  ['shows updates late', lateReads()],
] as const) {
  t.test(`a server that ${name}: the profile is as at the start, and nobody else is blamed`, async (t) => {
    const { problem = '', before, after, left } = await run(t, late)
    t.strictSame(after, before)
    t.match(problem, /^Profile 5 was not [^:]*(: |, but at the end)/)
    t.notMatch(problem, 'outside')
    t.equal(left, undefined)
  })
}

t.test('one busy moment of the server ends nothing', async (t) => {
  let isBusy = false
  const { problem, cases, before, after } = await run(t, {
    wait: async () => undefined,
    alter: async (request, pass) => {
      if (isBusy && (isProfile(request) || /"id":5,"(lang|phone)"/.test(request.body))) {
        isBusy = false
        return { status: 503, headers: { 'retry-after': '1' }, body: '' }
      }
      if (isUpdate(request)) isBusy = true
      return pass(request)
    },
  })
  t.equal(problem, undefined)
  t.strictSame(after, before)
  t.ok(cases.filter(({ verdict }) => verdict === 'same').length > 30)
})

const extras: [name: string, next: (count: number) => unknown, isClock: boolean][] = [
  ['counter', (count) => count, true],
  ['time', (count) => new Date(count * 1000).toISOString(), true],
  [
    'time in the words of the vendor',
    (count) => new Date(count * 1000).toISOString().replace('T', ' ').slice(0, 19),
    true,
  ],
  ['counter that falls', (count) => -count, false],
  ['text', (count) => `t${count}`, false],
]

for (const [name, next, isClock] of extras) {
  t.test(`an undocumented ${name} ${isClock ? 'is noted once' : 'ends the writing'}`, async (t) => {
    let updates = 0
    const verification = await run(t, {
      wait: async () => undefined,
      alter: async (request, pass) => {
        const answer = await pass(request)
        if (isUpdate(request) && answer.status === 200) updates++
        if (!isProfile(request) || answer.status !== 200) return answer
        const view = JSON.parse(answer.body)
        const extra = { updatedAt: next(updates), deep: { at: next(updates) } }
        const body = JSON.stringify({ ...view, settings: { ...view.settings, ...extra } })
        return { ...answer, body }
      },
    })
    const { problem, movesByItself, before, after } = verification
    t.strictSame(after, before)
    t.strictSame(movesByItself.toSorted(), isClock ? ['settings.deep.at', 'settings.updatedAt'] : [])
    t.equal(problem === undefined, isClock, `${problem}`)
    const text = reportText(reportOf(verification, (shown) => shown))
    t.equal(/\n\nMoves by itself, and was left alone: settings\.\S+, settings\.\S+\.\n/.test(text), isClock)
  })
}

t.test('what is left behind holds no secret, and names what no body can put back', async (t) => {
  let hasWritten = false
  const { left, problem = '' } = await run(t, {
    wait: async () => undefined,
    alter: async (request, pass) => {
      const answer = await pass(request)
      if (/"id":5,"settings":\{"/.test(request.body)) hasWritten = true
      if (!isProfile(request) || answer.status !== 200) return answer
      const view = JSON.parse(answer.body)
      const extra = hasWritten ? { more: 1, token: 'new' } : { token: 'old' }
      return { ...answer, body: JSON.stringify({ ...view, settings: { ...view.settings, ...extra } }) }
    },
  })
  t.match(
    problem,
    /^PROFILE 5 MAY NOT BE AS IT WAS \(settings\.more, settings\.token could not be put back\): /,
  )
  t.match(problem, /mend settings\.more, settings\.token by hand\.$/)
  t.notMatch(JSON.stringify(left?.body), 'old')
})
