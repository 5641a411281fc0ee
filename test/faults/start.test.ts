import { readdir } from 'node:fs/promises'
import { createServer } from 'node:net'

import { expect, test } from 'vitest'

import { signInAs } from '../support/clinic.ts'
import { makeDataDir, startGonio } from '../support/started.ts'

test(
  'gonio start seeds once, keeps the data over a restart, ends cleanly on Ctrl-C, and says so when the port is taken',
  { timeout: 240_000 },
  async () => {
    const dataDir = await makeDataDir()
    const first = await startGonio({ dataDir })
    const desk = await first.as('front-desk')
    const found = (await desk.patients.search.query({ query: 'delgado' })).items
    expect(found).toHaveLength(1)
    expect(first.output()).toContain('front@demo.example')
    const port = Number(new URL(first.url).port)
    await expect(startGonio({ port })).rejects.toThrow(/Port \d+ is in use by another program.*--port/s)
    await expect(startGonio({ dataDir })).rejects.toThrow(/gonio:/)
    expect(await first.interrupt()).toBe(0)
    expect(first.output()).toContain('Your data is kept')

    const began = performance.now()
    const second = await startGonio({ dataDir })
    const seconds = (performance.now() - began) / 1_000
    console.log(`second start: ready after ${seconds.toFixed(1)} s`)
    expect(second.output()).not.toContain('Filling the demo clinic')
    const again = await second.as('front-desk')
    expect((await again.patients.search.query({ query: 'delgado' })).items.map((item) => item.id)).toEqual(found.map((item) => item.id))
    await expect(signInAs(second.url, 'admin')).resolves.toMatch(/^gonio=/)
    await second.close()
  },
)

test('gonio start refuses a port that another program holds before it opens a database', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const address = other.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const dataDir = await makeDataDir()
  await expect(startGonio({ dataDir, port })).rejects.toThrow(/ended with 1.*in use/s)
  expect(await readdir(dataDir)).not.toContain('postgres')
  other.close()
})
