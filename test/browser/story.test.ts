import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { openBrowser } from '../support/browser.ts'
import type { TestBrowser } from '../support/browser.ts'
import { DEMO_SIGN_INS } from '../../examples/small-clinic/people.ts'
import { settle } from '../support/console-tour.ts'
import { eventually } from '../support/clinic.ts'
import { startGonio } from '../support/started.ts'
import type { StartedGonio } from '../support/started.ts'

let gonio: StartedGonio
let browser: TestBrowser
beforeAll(async () => {
  gonio = await startGonio()
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await gonio.close()
})

test(
  'a patient answers on a phone, the desk approves and books, the therapist treats and signs: all by clicks and keys',
  { timeout: 240_000 },
  async () => {
    const desk = await signIn('front-desk')
    await desk.getByRole('button', { name: 'New intake link', exact: true }).click()
    const link = (await desk.locator('code', { hasText: '/p/' }).textContent()) ?? ''
    expect(link).toContain(gonio.url)

    const phone = await browser.newPage({ viewport: { width: 375, height: 812 }, hasTouch: true })
    await phone.page.goto(link)
    await settle(phone.page)
    await answerAll(phone.page, ['Ingrid', 'Solberg'])
    await phone.close()

    // The proposal arrives on the open page by itself; it is approved with one key.
    await desk
      .getByRole('link', { name: /Approvals/ })
      .first()
      .click()
    await desk.getByText('Solberg').first().click()
    await desk.getByRole('button', { name: /^Approve/ }).waitFor()
    await settle(desk)
    await desk.keyboard.press('a')
    const registered = async () => (await (await gonio.as('front-desk')).patients.search.query({ query: 'solberg' })).items.length
    await expect.poll(registered, { timeout: 20_000, interval: 500 }).toBe(1)

    await desk.goto(`${gonio.url}/patients`)
    await settle(desk)
    await desk.locator('main').getByRole('searchbox').or(desk.locator('main input')).first().fill('solberg')
    await desk
      .locator('main')
      .getByRole('link', { name: /Solberg/ })
      .first()
      .click()
    await desk.waitForURL(/\/patients\//)
    const episode = await episodeOf('solberg')
    await desk.goto(`${gonio.url}/episodes/${episode}`)
    await settle(desk)
    await desk
      .getByRole('button', { name: /^Book/ })
      .or(desk.getByRole('link', { name: /^Book/ }))
      .first()
      .click()
    await desk.getByRole('dialog').waitFor()
    await bookNextFreeTime(desk)

    const pt = await signIn('therapist')
    const visit = (await (await gonio.as('therapist')).episodes.get.query({ id: episode })).visits[0]
    await pt.goto(`${gonio.url}/visits/${visit?.id ?? ''}`)
    await settle(pt)
    await pt.getByRole('button', { name: /^Check in/ }).click()
    await pt.getByRole('button', { name: /^Start the visit/ }).click()
    await pt.getByRole('button', { name: /^Complete/ }).waitFor()
    await chart(pt)
    await pt.getByRole('button', { name: /^Complete/ }).click()

    // The note is drafted meanwhile; it is read and signed.
    const therapist = await gonio.as('therapist')
    const draft = await eventually('the drafted note', async () =>
      (await therapist.proposals.list.query({ state: 'pending' })).items.find(
        (item) => item.action === 'document.sign' && item.refs.episodeId === episode,
      ),
    )
    await pt.goto(`${gonio.url}/approvals/${draft.id}`)
    await settle(pt)
    await pt
      .getByText(/Subjective/)
      .first()
      .waitFor()
    await pt.getByRole('button', { name: /^Approve/ }).click()
    await expect
      .poll(async () => (await therapist.episodes.get.query({ id: episode })).documents.map((document) => document.kind), {
        timeout: 20_000,
      })
      .toEqual(['evaluation'])
  },
)

async function signIn(role: 'front-desk' | 'therapist'): Promise<Page> {
  const person = DEMO_SIGN_INS.find((candidate) => candidate.role === role)
  const { page } = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
  await page.goto(gonio.url)
  await settle(page)
  await page.locator('input[type=email]').fill(person?.email ?? '')
  await page.locator('input[type=password]').fill(person?.password ?? '')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: /Today|My day/ }).waitFor()
  await settle(page)
  return page
}

/** Answers what is on the page until the interview thanks the patient. */
async function answerAll(page: Page, names: string[]): Promise<void> {
  for (let asked = 0; asked < 70; asked++) {
    const question = page.locator('h1#question')
    const thanks = page.getByText(/thank you/i)
    await question
      .or(thanks)
      .first()
      .waitFor({ timeout: 10_000 })
      .catch(async () => {
        throw new Error(`neither a question nor a thank-you: ${(await page.locator('main').textContent())?.slice(0, 300) ?? ''}`)
      })
    if ((await question.count()) === 0) return
    const text = await question.textContent()
    const skip = page.getByRole('button', { name: 'Skip' })
    if ((await page.getByRole('radiogroup').count()) > 0 && (await page.locator('fieldset').count()) === 0) {
      const no = page.getByRole('radiogroup').getByText('No', { exact: true })
      const choices = page.getByRole('radiogroup').locator('label')
      await ((await no.count()) > 0 ? no : choices.nth(Math.min(4, (await choices.count()) - 1))).first().click()
    } else if ((await page.locator('select').count()) > 0) {
      await page.locator('select').selectOption('05')
      await page.getByLabel(/day/i).last().fill('04')
      await page.getByLabel(/year/i).fill(text?.includes('birth') === true ? '1978' : '2026')
    } else if ((await page.locator('fieldset').count()) > 0) {
      await page.locator('fieldset input[type=text], fieldset input:not([type=radio])').first().fill('Sitting at a desk')
      await page.locator('fieldset label').nth(3).click()
    } else if ((await skip.count()) > 0) {
      await skip.click()
      await leave(page, text)
      continue
    } else {
      await page
        .locator('form input, form textarea')
        .first()
        .fill(names.shift() ?? (/phone/i.test(text ?? '') ? '212-555-0142' : 'After moving boxes.'))
    }
    await page.getByRole('button', { name: 'Next' }).click()
    await leave(page, text)
  }
  throw new Error('the interview does not end')
}

/** The page strictly allows no evaluated script, so the next question is waited for from here. */
async function leave(page: Page, text: string | null): Promise<void> {
  await expect.poll(async () => (await page.locator('h1#question').allTextContents())[0] ?? null, { timeout: 10_000 }).not.toBe(text)
}

/** The dialog proposes a time; when it is taken the next hour is tried, as a person would. */
async function bookNextFreeTime(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog')
  const date = dialog.locator('input[type=date]')
  const time = dialog.locator('input[type=time]')
  const monday = new Date(Date.now() + ((8 - new Date().getUTCDay()) % 7 || 7) * 86_400_000).toISOString().slice(0, 10)
  await date.fill(monday)
  for (const hour of ['10:00', '11:00', '13:00', '14:00', '15:00', '08:15']) {
    await time.fill(hour)
    await dialog.getByRole('button', { name: /^Book/ }).click()
    const closed = await dialog.waitFor({ state: 'hidden', timeout: 4_000 }).then(
      () => true,
      () => false,
    )
    if (closed) return
  }
  throw new Error(`no slot was booked: ${(await dialog.textContent())?.slice(0, 400) ?? ''}`)
}

async function chart(page: Page): Promise<void> {
  const pain = page.getByLabel(/pain/i).first()
  if ((await pain.count()) > 0) {
    await pain.fill('6')
    await page.keyboard.press('Tab')
  }
}

async function episodeOf(name: string): Promise<string> {
  const client = await gonio.as('front-desk')
  const [found] = (await client.patients.search.query({ query: name })).items
  return (await client.patients.get.query({ id: found?.id ?? '' })).episodes[0]?.id ?? ''
}
