import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { unpackChromium } from './chromium.ts'

export interface TestBrowser {
  readonly version: string
  /** A page in a context of its own (cookies, storage). */
  newPage(options?: BrowserContextOptions & { readonly expectProblems?: readonly RegExp[] }): Promise<TestPage>
  /** Closes all pages; fails when one of them that was not closed had a problem. */
  close(): Promise<void>
}

export interface TestPage {
  readonly page: Page
  /** Console errors, uncaught exceptions and refused content so far. */
  readonly problems: readonly string[]
  /** Closes the page and throws when something went wrong on it that the test did not expect. */
  close(): Promise<void>
}

const MAX_PROBLEMS = 50

/** No update, report or account service of the browser reaches for the internet. */
const OFFLINE = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--metrics-recording-only',
  '--no-default-browser-check',
  '--no-first-run',
  '--no-pings',
  '--font-render-hinting=none',
]

/**
 * Starts Chromium: the one named by CHROMIUM_PATH, else the one that comes with the packages, else the machine's own.
 * It is unpacked once (2 seconds) into node_modules/.cache.
 */
export async function openBrowser(): Promise<TestBrowser> {
  const found = await findChromium()
  const browser = await chromium.launch({
    executablePath: found.executablePath,
    env: { ...process.env, ...found.env },
    // Chromium's sandbox does not run as root, nor where user namespaces are closed, as in most containers; tests open only our own pages.
    chromiumSandbox: false,
    args: OFFLINE,
  })
  const open = new Set<TestPage>()
  return {
    version: browser.version(),
    newPage: async (options = {}) => {
      const page = await openPage(browser, options, () => open.delete(page))
      open.add(page)
      return page
    },
    close: async () => {
      const results = await Promise.allSettled([...open].map((page) => page.close()))
      await browser.close()
      const failed = results.find((result) => result.status === 'rejected')
      if (failed) throw failed.reason
    },
  }
}

/** Runs in the page. Chromium logs some refusals of the content policy nowhere else (report-only, workers); the event tells them all. */
const REPORT_REFUSED_CONTENT = `document.addEventListener('securitypolicyviolation', (event) => {
  gonioNoteProblem('content policy: ' + event.violatedDirective + ' refused ' + (event.blockedURI || 'inline') + ' (' + event.sourceFile + ')')
})`

async function findChromium(): Promise<{ executablePath: string; env: Record<string, string> }> {
  const named = process.env['CHROMIUM_PATH']
  if (named) return { executablePath: named, env: {} }
  const shipped = await unpackChromium()
  if (shipped) return shipped
  const own = SYSTEM_PATHS.find((path) => existsSync(path))
  if (own) return { executablePath: own, env: {} }
  throw new Error('No Chromium for this machine comes with the packages. Install one and name it in CHROMIUM_PATH.')
}

const SYSTEM_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

async function openPage(
  browser: Browser,
  { expectProblems = [], ...options }: BrowserContextOptions & { expectProblems?: readonly RegExp[] },
  onClose: () => void,
): Promise<TestPage> {
  const context = await browser.newContext({ locale: 'en-US', timezoneId: 'America/Chicago', reducedMotion: 'reduce', ...options })
  const problems: string[] = []
  const note = (problem: string) => {
    if (problems.length < MAX_PROBLEMS && !expectProblems.some((expected) => expected.test(problem))) problems.push(problem)
  }
  await context.exposeBinding('gonioNoteProblem', (_source, problem: unknown) => note(String(problem)))
  await context.addInitScript({ content: REPORT_REFUSED_CONTENT })
  context.on('page', (page) => {
    page.on('console', (message) => {
      if (message.type() === 'error') note(`console: ${message.text()} (${message.location().url})`)
    })
    page.on('pageerror', (error) => note(`exception: ${error.stack ?? error.message}`))
    page.on('crash', () => note('the page crashed'))
  })
  const page = await context.newPage()
  let closed: Promise<void> | undefined
  async function close(): Promise<void> {
    // One turn of the page's loop, so that what was said last has arrived.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 0))).catch(() => {})
    await context.close()
    onClose()
    if (problems.length > 0) throw new Error(`The page had ${problems.length} problem(s):\n${problems.join('\n')}`)
  }
  return { page, problems, close: () => (closed ??= close()) }
}
