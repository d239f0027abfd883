import { existsSync } from 'node:fs'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const playwright = await import('playwright-core').catch(() => undefined)

/** Why there is no browser to test with, or false. */
export const noBrowser =
  playwright === undefined
    ? 'playwright-core is not installed'
    : existsSync(executablePath)
      ? false
      : `there is no browser at ${executablePath}; install chromium or set CHROMIUM`

/** A real browser that asks nothing but this machine. */
export async function openBrowser() {
  if (!playwright) throw new Error(String(noBrowser))
  return playwright.chromium.launch({
    executablePath,
    args: [
      ...[
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-sync',
      ],
      ...['--disable-background-networking', '--disable-component-update'],
      '--host-resolver-rules=MAP *.test 127.0.0.1, MAP *.localhost 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
    ],
  })
}
