import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { after, afterEach, beforeEach, test } from 'node:test'
import { createMock } from 'enneo-mock'
import { chromium } from 'playwright-core'

// The page and the mock must both be called localhost: a browser sends the cookie within one site only.
const mock = await createMock()
const html = await readFile(new URL('page.html', import.meta.url))
const front = createServer((_request, answer) => answer.setHeader('content-type', 'text/html').end(html))
await new Promise((resolve) => front.listen(0, 'localhost', resolve))
const address = `http://localhost:${front.address().port}/?service=${new URL(mock.url).origin}`

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
    ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  ],
})

let page
beforeEach(async () => {
  page = await browser.newPage()
  await page.goto(address)
})
afterEach(async () => {
  await page.close()
  await mock.reset()
})
after(async () => {
  await browser.close()
  front.close()
  await mock.close()
})

async function click(name, expected) {
  await page.getByRole('button', { name }).click()
  await page.getByRole('status').getByText(expected).waitFor({ timeout: 5_000 })
}

test('signs in and changes a role', async () => {
  await click('Sign in', 'signed in')
  await click('Change the role', '200 {"results":[{"id":5,"success":true}]}')
  assert.equal((await mock.profile(5)).settings.roleId, 3)
  await mock.assertNoViolations()
})

test('shows that nobody has signed in', () => click('Change the role', /^401 /))

test('shows that the service is broken', async () => {
  await mock.fault({ match: { method: 'PATCH' }, status: 500 })
  await click('Sign in', 'signed in')
  await click('Change the role', /^500 /)
  assert.equal((await mock.profile(5)).settings.roleId, 2)
})
