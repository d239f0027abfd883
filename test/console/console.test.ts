import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import type { Seed } from '../../schemas/seed.ts'
import { type CreateMockOptions, createMock } from '../../src/library/create-mock.ts'
import { generateSeed } from '../../src/seed/generate-seed.ts'
import { readSeed } from '../../src/seed/seed-file.ts'
import { noBrowser, openBrowser } from '../support/browser.ts'
import { type Case, differences, signInWith, wireRequest } from '../support/cases.ts'
import { signedIn } from '../support/signed-in.ts'
import { until } from '../support/until.ts'

const seed = await readSeed()
const views = ['profiles', 'traffic', 'controls', 'contract']
const developmentSecret = 'enneo-mock development secret, never used beyond loopback'

t.test('the console in a real browser', { skip: noBrowser, timeout: 170_000 }, async (t) => {
  const browser = await openBrowser()
  t.teardown(() => browser.close())

  /** The console of a mock of its own. Every error of the page and every request to elsewhere fails the test. */
  const open = async (t: Test, view = 'profiles', options: CreateMockOptions = {}, now?: () => number) => {
    const mock = await createMock(options, now)
    const { origin } = new URL(mock.url)
    const context = await browser.newContext({ acceptDownloads: true })
    t.teardown(async () => {
      await context.close()
      await mock.close()
    })
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    const trouble = (what: string) => t.fail(`the page is in trouble: ${what}`)
    page.on('pageerror', (error) => trouble(String(error)))
    page.on('console', (message) => {
      // A refusal that the page is about is one to the browser, too.
      const isRefusal = message.text().startsWith('Failed to load resource')
      if (message.type() === 'error' && !isRefusal) trouble(message.text())
    })
    page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(origin)) trouble(request.url())
    })
    await page.goto(`${origin}/__admin/#${view}`)
    return { mock, page, origin }
  }
  type Page = Awaited<ReturnType<typeof open>>['page']
  const row = (page: Page, name: string) => page.locator('.people tbody tr', { hasText: name })
  const pick = (page: Page, name: string) => row(page, name).getByRole('checkbox').check()
  const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true }).click()
  const told = (page: Page, text: string | RegExp) => page.locator('.notice', { hasText: text }).waitFor()

  // [demo.console]
  t.test('a demo shows when it begins anew, and each browser its own world', async (t) => {
    const hour = 60 * 60_000
    const due = Math.ceil(Date.now() / hour) * hour
    const offset = due - Date.now() - 12_000
    const { page, origin } = await open(t, 'profiles', { demo: 60 }, () => Date.now() + offset)
    await page.clock.install({ time: Date.now() + offset })
    await page.reload()
    const countdown = page.locator('#reset')
    await row(page, 'Jürgen Müller').waitFor()
    t.match(await countdown.textContent(), /^Begins anew in 0:(0\d|1[0-2])$/)
    t.equal(await page.getByLabel('Sandbox').isVisible(), false)
    const lang = () =>
      page.evaluate(async () => {
        const answer = await fetch('/__admin/state/profiles/5')
        return ((await answer.json()) as { lang: string }).lang
      })
    const signIn = await page.evaluate(async () => {
      const body = JSON.stringify({ persona: 'admin' })
      const answer = await fetch('/__admin/tokens', { method: 'POST', body })
      const sent = { profiles: [{ id: 5, lang: 'xx', firstName: 'Changed' }] }
      await fetch('/api/mind/profiles', { method: 'PATCH', body: JSON.stringify(sent) })
      return answer.status
    })
    t.equal(signIn, 200)
    t.equal(await lang(), 'xx')
    await page.reload()
    await row(page, 'Changed').waitFor()
    const other = await browser.newContext()
    t.teardown(() => other.close())
    const stranger = await other.newPage()
    await stranger.goto(`${origin}/__admin/`)
    await row(stranger, 'Jürgen Müller').waitFor()
    t.equal(await row(stranger, 'Changed').count(), 0)
    await row(page, 'Changed').waitFor({ state: 'detached', timeout: 20_000 })
    await page.getByText(/Begins anew in (1:00:00|59:\d\d)/).waitFor()
    t.equal(await lang(), 'de')
  })

  t.test('calls from the page of a demo leave the sign-in of the browser as it is', async (t) => {
    const { page } = await open(t, 'profiles', { demo: 60 })
    const names = async () => (await page.context().cookies()).map(({ name }) => name).sort()
    await pick(page, 'Jürgen Müller')
    await page.getByLabel('Status', { exact: true }).selectOption('busy')
    await press(page, 'Send as admin')
    await page.locator('.outcome li', { hasText: 'applied' }).first().waitFor()
    t.strictSame(await names(), ['enneo-mock-visitor'])
    await page.getByRole('link', { name: 'Controls' }).click()
    await press(page, 'Sign in')
    await told(page, 'This browser is signed in as admin')
    t.strictSame(await names(), ['connect.sid', 'enneo-mock-visitor'])
  })

  // [console.start]
  t.test('/ leads to the console, which lists the people and finds them', async (t) => {
    const { page, origin } = await open(t)
    await page.goto(origin)
    t.equal(page.url(), `${origin}/__admin/`)
    await row(page, 'Jürgen Müller').waitFor()
    t.equal(await page.locator('.people tbody tr').count(), seed.profiles.length)
    await page.getByLabel('Search profiles').fill('größmann')
    await page.getByText('Nobody of that name').waitFor()
    await page.getByLabel('Search profiles').fill('GROSSMANN')
    await row(page, 'Anna-Lena Großmann').waitFor()
    t.equal(await page.locator('.people tbody tr').count(), 1)
  })

  t.test('a bulk change shows what became of each item', async (t) => {
    const { page, mock } = await open(t)
    await pick(page, 'Jürgen Müller')
    await pick(page, 'Aylin')
    await page.getByLabel('Status', { exact: true }).selectOption('busy')
    await page.getByLabel('JSON, merged into each item').evaluate((control) => {
      control.closest('details')?.setAttribute('open', '')
    })
    await page.getByLabel('JSON, merged into each item').fill('{"lang":"xx","settings":{"roleId":99}}')
    await press(page, 'Send as admin')
    await page.locator('.outcome li', { hasText: 'there is no role 99' }).first().waitFor()
    t.strictSame(await mock.state(), seed)
    await page.getByLabel('JSON, merged into each item').fill('{"lang":"xx"}')
    await press(page, 'Send as admin')
    await page.locator('.outcome li', { hasText: 'applied' }).first().waitFor()
    t.match(await page.locator('.outcome li').first().textContent(), /Jürgen Müller.*settings\.status.*busy/)
    t.match(await mock.profile(5), { lang: 'xx', settings: { status: 'busy' } })
    t.match(await mock.requests({ status: 200 }), [
      { userId: 1 },
      { body: { profiles: [{ id: 5 }, { id: 6 }] } },
    ])
  })

  t.test('a refusal of the whole call shows its reason', async (t) => {
    const { page, mock } = await open(t)
    await page.getByLabel('Acting as').selectOption('agent')
    await pick(page, 'Jürgen Müller')
    await page.getByLabel('Role', { exact: true }).selectOption({ label: 'Team Lead' })
    await press(page, 'Send as agent')
    await page.locator('.outcome', { hasText: '403' }).waitFor()
    t.match(
      await page.locator('.outcome .reason').first().textContent(),
      /agent|Agent does not hold updateSpecificProfile/,
    )
    t.strictSame(await mock.state(), seed)
  })

  t.test('a call shows up within a second, opens with what it changed, and is undone', async (t) => {
    const { page, mock } = await open(t, 'traffic')
    await page.getByText('No calls yet').waitFor()
    const { patch, get } = signedIn(mock)
    await patch([{ id: 5, firstName: 'Neu', settings: { roleId: 3 } }])
    await page.locator('.call').first().waitFor({ timeout: 1000 })
    await page.locator('.call').first().click()
    const side = page.getByLabel('One call')
    await side.getByText('settings.roleId').waitFor()
    t.match(await side.textContent(), /firstName.*Jürgen.*Neu/)
    await press(page, 'Undo')
    await told(page, 'Call 1 is undone')
    t.strictSame(await mock.state(), seed)
    await patch([{ id: 5, firstName: 'A' }])
    await patch([{ id: 5, firstName: 'B' }])
    await get('/profile')
    await mock.fetch(`${mock.url}/profile`)
    await page.locator('.call', { hasText: '401' }).waitFor()
    await page.locator('.call', { hasText: 'PATCH' }).nth(1).click()
    await side.getByText('"firstName": "A"').waitFor()
    await press(page, 'Undo')
    await told(page, /changed since call 2 by call 3 \(PATCH/)
    await press(page, 'Replay')
    await told(page, 'Sent again: 200')
    t.match(await mock.requests({ method: 'PATCH' }), { length: 4 })
    t.match(await mock.profile(5), { firstName: 'A' })
  })

  t.test('calls can be filtered, paused, cleared and saved as an archive', async (t) => {
    const { page, mock } = await open(t, 'traffic')
    const { get } = signedIn(mock)
    await get('/profile')
    await get('/nothing')
    await page.locator('.call').nth(1).waitFor()
    await page.getByLabel('Kind of calls').selectOption('4')
    await page.getByText('1 call', { exact: true }).waitFor()
    t.match(await page.locator('.call').allTextContents(), [/nothing/])
    await page.getByLabel('Kind of calls').selectOption('all')
    await press(page, 'Pause')
    await get('/roles')
    await page.getByText('paused, 1 more').waitFor()
    t.equal(await page.locator('.call', { hasText: '/roles' }).count(), 0)
    await press(page, 'Go on')
    await page.locator('.call', { hasText: '/roles' }).waitFor()
    const saving = page.waitForEvent('download')
    await press(page, 'Save as HAR')
    const { log } = JSON.parse(await readFile(await (await saving).path(), 'utf8'))
    t.match(log, {
      version: '1.2',
      entries: [{ response: { status: 200 } }, { response: { status: 404 } }, {}],
    })
    await press(page, 'Clear')
    await press(page, 'Forget them')
    await page.getByText('No calls yet').waitFor()
    t.equal(await mock.count(), 0)
  })

  t.test('a call that is saved as a case runs as one', async (t) => {
    const { page, mock } = await open(t, 'traffic')
    const { patch } = signedIn(mock, 2)
    await patch([{ id: 6, settings: { status: 'busy' } }])
    await patch([{ id: 6, settings: { teamIds: [2] }, nonsense: 1 }, { id: 999 }])
    await page.locator('.call').nth(1).waitFor()
    await page.locator('.call').first().click()
    const saving = page.waitForEvent('download')
    await press(page, 'Save as case')
    const [saved] = parse(await readFile(await (await saving).path(), 'utf8')) as [Case]
    t.match(saved, { request: { bearer: 'manager' }, before: [{}], change: { 6: {} } })
    await mock.reset()
    const run = async (request: Case['request']) => {
      const { path, ...wire } = wireRequest(request, signInWith(developmentSecret, seed.personas))
      const answer = await mock.fetch(mock.url + path, wire)
      return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() }
    }
    for (const request of saved.before ?? []) t.equal((await run(request)).status, 200)
    const before = await mock.state()
    t.strictSame(differences(saved, await run(saved.request), before, await mock.state()), [])
    const wrong = { ...saved, change: {} }
    t.not(differences(wrong, await run(saved.request), before, await mock.state()).length, 0)
  })

  t.test('a fault is armed, counted down, and taken back by a reset', async (t) => {
    const { page, mock } = await open(t, 'controls')
    const arm = page.getByRole('form', { name: 'Arm a fault' })
    await arm.getByLabel('How often').fill('2')
    await arm.getByLabel('Path').fill('/api/mind/profile')
    await press(page, 'Arm')
    await page.getByText('2 of 2 left').waitFor()
    const answer = await signedIn(mock).get('/profile')
    t.equal(answer.statusCode, 503)
    await page.reload()
    await page.getByText('1 of 2 left').waitFor()
    await signedIn(mock).patch([{ id: 5, lang: 'xx' }])
    await press(page, 'Reset this world')
    await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click()
    await told(page, 'as at the start')
    t.strictSame([await mock.state(), await mock.faults(), await mock.count()], [seed, [], 0])
  })

  t.test('another sandbox is opened, and everything shown is of that one', async (t) => {
    const { page, mock } = await open(t, 'controls')
    await page.getByLabel('Open another').fill('demo')
    await press(page, 'Open')
    await page.locator('tr.picked', { hasText: 'demo' }).waitFor()
    t.equal(await page.getByLabel('Sandbox', { exact: true }).inputValue(), 'demo')
    await page.getByRole('radio', { name: /empty/ }).check()
    await told(page, 'The scenario is empty')
    await page.getByRole('link', { name: 'Profiles' }).click()
    await page.getByText('1 to 4').waitFor()
    t.equal((await mock.sandbox('demo').state()).profiles.length, 4)
    await page.getByLabel('Sandbox', { exact: true }).selectOption('')
    await page.getByText(`1 to ${seed.profiles.length}`).waitFor()
    t.strictSame(await mock.state(), seed)
  })

  t.test('a snapshot is taken and restored; a delay is set', async (t) => {
    const { page, mock } = await open(t, 'controls')
    await page.getByLabel('Name', { exact: true }).fill('calm')
    await press(page, 'Take a snapshot')
    await told(page, 'calm is taken')
    await signedIn(mock).patch([{ id: 5, lang: 'xx' }])
    await press(page, 'Restore calm')
    await told(page, 'calm is restored')
    t.strictSame(await mock.state(), seed)
    await page.getByLabel('Delay in milliseconds').fill('1-2')
    await press(page, 'Set the delay')
    await told(page, 'waits 1-2 ms')
    const settings = await mock.fetch(`${mock.adminUrl}/settings`)
    t.match(await settings.json(), { delay: '1-2' })
  })

  t.test('a seed file takes the place of the state, and a bad one is explained', async (t) => {
    const { page, mock } = await open(t, 'controls')
    const load = (document: unknown) =>
      page.getByLabel('Load a seed').setInputFiles({
        name: 'seed.json',
        mimeType: 'application/json',
        buffer: Buffer.from(typeof document === 'string' ? document : JSON.stringify(document)),
      })
    await load({ ...seed, teams: [{ id: 1, name: 'x', parent: 9, settings: {} }] })
    await page.getByRole('alert').getByText('teams[0].parent').first().waitFor()
    await load('no JSON')
    await told(page, 'not valid JSON')
    t.strictSame(await mock.state(), seed)
    const other: Seed = { ...seed, personas: { boss: 1 } }
    await load(other)
    await page.getByLabel('Acting as').getByText('boss').waitFor({ state: 'attached' })
    t.strictSame(await mock.state(), other)
  })

  t.test('the contract is a picture of what was exercised', async (t) => {
    const { page, mock } = await open(t, 'contract')
    await page.getByText('of the contract was exercised').waitFor()
    t.equal(await page.locator('.grid .on').count(), 0)
    await signedIn(mock).patch([{ id: 5, lang: 'xx' }])
    await press(page, 'Look again')
    await page.locator('.grid .on').first().waitFor()
    await page.locator('.card', { hasText: 'bulkUpdateSpecificProfiles' }).getByText('Properties').click()
    t.ok((await page.locator('li.on').allTextContents()).includes('profiles[].lang 1'))
  })

  // [console.markup]
  t.test('nothing that a client sent becomes markup, wherever it is shown', async (t) => {
    const { page, mock } = await open(t)
    const evil = '<img src=x onerror="document.title=1"><script>document.title=1</script>'
    const { patch, get } = signedIn(mock)
    await patch([{ id: 5, firstName: evil, lastName: evil, rawData: { [evil]: evil }, [evil]: evil }])
    await get(`/profiles?${encodeURIComponent(evil)}=1`, { 'user-agent': evil })
    await get(`/${evil.replaceAll(' ', '')}`)
    await page.reload()
    await row(page, 'onerror').waitFor()
    await page.getByRole('link', { name: 'Live traffic' }).click()
    for (const index of [0, 1, 2]) {
      await page.locator('.call').nth(index).click()
      await page.locator('.side h4').first().waitFor()
    }
    t.match(await page.getByLabel('One call').textContent(), /onerror/)
    t.equal(await page.locator('img, main script').count(), 0)
    t.match(await page.title(), /Live traffic/)
  })

  // [console.token]
  t.test('where a token is wanted the page asks for it, and keeps it for the tab', async (t) => {
    const { page, origin } = await open(t, 'profiles', { adminApiToken: 'secret' })
    await page.getByLabel('Token', { exact: true }).fill('wrong')
    await press(page, 'Continue')
    await page.getByText('not the right one').waitFor()
    await page.getByLabel('Token', { exact: true }).fill('secret')
    await press(page, 'Continue')
    await row(page, 'Jürgen Müller').waitFor()
    await page.reload()
    await row(page, 'Jürgen Müller').waitFor()
    const other = await page.context().newPage()
    await other.goto(`${origin}/__admin/`)
    await other.getByLabel('Token', { exact: true }).waitFor()
    t.equal(await page.evaluate('localStorage.length + document.cookie.length'), 0)
  })

  // [console.reference]
  t.test('the reference shows the document, and what is tried goes to this mock', async (t) => {
    const { page, mock, origin } = await open(t)
    await row(page, 'Jürgen Müller').waitFor()
    await page.goto(`${origin}/__admin/reference`)
    await page.locator('.opblock', { hasText: 'The profile of the caller' }).first().click()
    await press(page, 'Try it out')
    await press(page, 'Execute')
    await page.locator('.live-responses-table', { hasText: 'Mustermann' }).waitFor()
    t.match(await mock.requests(), [{ path: '/api/mind/profile', status: 200, userId: 1 }])
  })

  t.test('no view has a serious fault of accessibility, in light or dark, wide or narrow', async (t) => {
    const { page, mock, origin } = await open(t)
    await signedIn(mock).patch([{ id: 5, lang: 'xx', nonsense: 1 }])
    await signedIn(mock, 3).patch([{ id: 5, lang: 'xx' }])
    await mock.fault({ status: 503 })
    await mock.snapshot('one')
    const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
    const faults = async () => {
      // Behind the policy of the page, as a person's own tools are.
      await page.evaluate(await readFile(axe, 'utf8'))
      const { violations } = (await page.evaluate('axe.run()')) as {
        violations: { id: string; impact: string; nodes: { html: string }[] }[]
      }
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))])
    }
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1440, 360]) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: 800 })
        for (const view of views) {
          await page.goto(`${origin}/__admin/#${view}`)
          await page.reload()
          if (view === 'profiles') await pick(page, 'Jürgen Müller')
          else if (view === 'traffic') await page.locator('.call').last().click()
          else await page.locator('.card').nth(5).waitFor()
          if (view === 'traffic') await page.locator('.side h4').first().waitFor()
          t.strictSame(await faults(), [], `${view}, ${colorScheme}, ${width} px`)
          const isTooWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
          t.equal(isTooWide, false, `${view} fits ${width} px`)
        }
      }
    }
  })

  t.test('5,000 calls and 100,000 people leave the page quick', async (t) => {
    const { page, mock } = await open(t, 'traffic', { seed: await generateSeed({ profiles: 100_000 }) })
    await page.getByText('No calls yet').waitFor()
    await page.evaluate(`
      globalThis.longest = 0
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration)
      }).observe({ type: 'longtask' })
    `)
    // It sees a long task: else its silence would tell nothing.
    const busy = `new Promise((resolve) => setTimeout(() => {
      for (const end = performance.now() + 100; performance.now() < end; );
      setTimeout(() => resolve(longest), 100)
    }))`
    t.ok(await until(async () => Number(await page.evaluate(busy)) >= 50, 20))
    await page.evaluate('longest = 0')
    const { get, patch } = signedIn(mock)
    for (let n = 0; n < 5000; n += 1) await (n % 5 ? get('/nothing') : patch([{ id: 5, lang: `x${n}` }]))
    await page.getByText('5000 calls').waitFor()
    await page.getByLabel('Filter calls').fill('nothing')
    await page.getByText('4000 calls').waitFor()
    await page.locator('.virtual').evaluate((list) => {
      list.scrollTop = list.scrollHeight / 2
    })
    await page.locator('.call').last().click()
    await page.locator('.side h4').first().waitFor()
    t.ok((await page.locator('.call').count()) < 60, 'only the rows in sight are there')
    await page.getByRole('link', { name: 'Profiles' }).click()
    await page.getByText('1 to 100').waitFor()
    await press(page, 'Next')
    await page.getByText('101 to 200').waitFor()
    await page.getByLabel('Search profiles').fill('zzz')
    await page.getByText('Nobody of that name').waitFor()
    t.comment(`longest task: ${await page.evaluate('Math.round(longest)')} ms`)
  })
})
