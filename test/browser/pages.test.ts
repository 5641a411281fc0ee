import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { AxeBuilder } from '@axe-core/playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openBrowser } from '../support/browser.ts'
import type { TestBrowser } from '../support/browser.ts'
import { signInAs } from '../support/clinic.ts'
import type { Role } from '../support/clinic.ts'
import { findStops, settle } from '../support/console-tour.ts'
import type { Stop } from '../support/console-tour.ts'
import { startGonio } from '../support/started.ts'
import type { StartedGonio } from '../support/started.ts'

const LOOKS = [
  { width: 1440, height: 900, colorScheme: 'light' },
  { width: 375, height: 812, colorScheme: 'dark' },
  ...(process.env['GONIO_FULL'] === '1'
    ? ([
        { width: 1440, height: 900, colorScheme: 'dark' },
        { width: 375, height: 812, colorScheme: 'light' },
      ] as const)
    : []),
] as const
/** WCAG 2.2 AA and everything below it. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** Set to a folder to keep a screenshot of every page. */
const SCREENSHOTS = process.env['GONIO_SCREENSHOTS']

let clinic: StartedGonio
let browser: TestBrowser
let stops: readonly Stop[]
beforeAll(async () => {
  clinic = await startGonio()
  browser = await openBrowser()
  stops = await findStops(clinic.as)
})
afterAll(async () => {
  await browser.close()
  await clinic.close()
})

describe.each(LOOKS)('at $width px, $colorScheme', (look) => {
  test(
    'every page of the console has no accessibility violation, no console error and no sideways scroll',
    { timeout: 240_000 },
    async () => {
      expect(stops.length).toBeGreaterThanOrEqual(17)
      for (const stop of stops) await visit(stop.role, stop.path, { ...look, name: stop.name })
    },
  )

  test('sign-in and the patient page have none either', async () => {
    await visit(null, '/sign-in', { ...look, name: 'sign-in' })
    const desk = await clinic.as('front-desk')
    for (const language of ['en', 'es'] as const) {
      const { output } = await desk.plugins.invoke.mutate({ procedure: 'intake.start', input: { language, bodyRegion: 'knee' } })
      const { path } = await desk.links.url.query({ id: String(Reflect.get(Object(output), 'linkId')) })
      await visit(null, path, { ...look, name: `patient-link-${language}` })
    }
    await visit(null, '/p/not-a-link', { ...look, name: 'patient-link-bad', expectProblems: [/404|410|412|status of 4/] })
  })
})

async function visit(
  role: Role | null,
  path: string,
  look: { name: string; width: number; height: number; colorScheme: 'light' | 'dark'; expectProblems?: readonly RegExp[] },
): Promise<void> {
  const opened = await browser.newPage({
    viewport: { width: look.width, height: look.height },
    colorScheme: look.colorScheme,
    reducedMotion: 'reduce',
    expectProblems: look.expectProblems ?? [],
  })
  const { page } = opened
  if (role !== null) {
    const [name = '', value = ''] = (await cookieOf(role)).split('=')
    await page.context().addCookies([{ name, value, url: clinic.url }])
  }
  await page.goto(clinic.url + path)
  await settle(page)
  if (SCREENSHOTS !== undefined) {
    mkdirSync(SCREENSHOTS, { recursive: true })
    await page.screenshot({ path: join(SCREENSHOTS, `${look.name}-${look.width}-${look.colorScheme}.png`), fullPage: look.width < 400 })
  }
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze()
  const found = violations.map(
    (violation) =>
      `${violation.id}: ${violation.nodes
        .slice(0, 3)
        .map((node) => node.target.join(' '))
        .join(' | ')}`,
  )
  expect(found, `${look.name} at ${look.width} ${look.colorScheme}`).toEqual([])
  const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  expect(overflow, `${look.name} scrolls sideways at ${look.width}`).toBeLessThanOrEqual(0)
  await opened.close()
}

const cookies = new Map<Role, Promise<string>>()
function cookieOf(role: Role): Promise<string> {
  const known = cookies.get(role) ?? signInAs(clinic.url, role)
  cookies.set(role, known)
  return known
}
