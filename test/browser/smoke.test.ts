import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import type { TestBrowser } from '../support/browser.ts'

let browser: TestBrowser

beforeAll(async () => {
  browser = await openBrowser()
})

afterAll(() => browser.close())

const html = (body: string) => `data:text/html;charset=utf-8,${encodeURIComponent(body)}`

test('browser draws text with real letters', async () => {
  const { page, close } = await browser.newPage({ viewport: { width: 400, height: 120 } })
  await page.goto(html('<p style="font: 24px sans-serif">Range of motion 95°</p>'))
  const widthOf = (text: string) =>
    page.evaluate<number>(`(() => {
      const pen = document.createElement('canvas').getContext('2d')
      pen.font = '24px sans-serif'
      return pen.measureText('${text}').width
    })()`)
  // Without a font every letter is the same empty box.
  expect(await widthOf('WWWW')).toBeGreaterThan((await widthOf('iiii')) * 2)
  const picture = await page.screenshot(process.env['GONIO_KEEP_PICTURES'] ? { path: 'test-results/smoke.png' } : {})
  expect(picture.length).toBeGreaterThan(1_000)
  await close()
})

test('browser page fails its test on a console error', async () => {
  const { page, close } = await browser.newPage()
  await page.goto(html('<script>console.error("planted")</script>'))
  await expect(close()).rejects.toThrow(/console: planted/)
})

test('browser page fails its test on an uncaught exception', async () => {
  const { page, close } = await browser.newPage()
  await page.goto(html('<script>setTimeout(() => { throw new Error("planted") })</script>'))
  await page.waitForTimeout(50)
  await expect(close()).rejects.toThrow(/exception: Error: planted/)
})

test('browser page fails its test on content that the policy of the page refuses', async () => {
  const server = createServer((_request, response) => {
    response.setHeader('content-security-policy-report-only', "script-src 'self'; report-to none")
    response.setHeader('content-type', 'text/html')
    response.end('<link rel="icon" href="data:,"><p>refused</p><script>document.title = "ran"</script>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const { page, close } = await browser.newPage()
  await page.goto(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`)
  await expect(close()).rejects.toThrow(/content policy: script-src/)
  server.close()
})

test('browser page lets a test name the problems that it expects', async () => {
  const { page, problems, close } = await browser.newPage({ expectProblems: [/planted/] })
  await page.goto(html('<script>console.error("planted")</script>'))
  await close()
  expect(problems).toEqual([])
})
