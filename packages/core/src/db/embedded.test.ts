import { spawn } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRefusal } from '@gonio/sdk'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openEmbeddedServer } from './embedded.ts'
import type { EmbeddedServer } from './embedded.ts'

let folder = ''
/** A cluster made once; tests that need one of their own copy it instead of waiting for another. */
let template = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gonio-embedded-'))
  await chmod(folder, 0o755)
  template = join(folder, 'template', 'pg')
  const server = await openEmbeddedServer({ dataDir: template, disposable: true })
  await query(server, 'create table note (body text)')
  await query(server, "insert into note values ('kept')")
  await server.stop()
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** A copy of the template in a new folder, with its password file or without. */
async function copyOf(name: string, options: { state: boolean } = { state: true }): Promise<string> {
  const dataDir = join(folder, name, 'pg')
  await mkdir(join(folder, name))
  await cp(template, dataDir, { recursive: true, preserveTimestamps: true })
  await chmod(dataDir, 0o700)
  if (options.state) await cp(`${template}.server.json`, `${dataDir}.server.json`)
  return dataDir
}

async function query(server: EmbeddedServer, sql: string): Promise<unknown[]> {
  const client = new pg.Client(server.url)
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

async function refusalOf(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!isRefusal(error)) throw new Error(`expected a refusal, got ${String(error)}`)
  return { code: error.code, message: error.message }
}

async function pidOf(dataDir: string): Promise<number> {
  return Number((await readFile(join(dataDir, 'postmaster.pid'), 'utf8')).split('\n')[0])
}

test('embedded server starts on an empty machine with checksums, UTF-8 and a private password file', async () => {
  const lines: string[] = []
  const dataDir = join(folder, 'a new place', 'of several', 'pg')
  const server = await openEmbeddedServer({ dataDir, onProgress: (line) => lines.push(line) })
  try {
    const sql = `select current_setting('data_checksums') checksums, current_setting('server_encoding') encoding, current_setting('listen_addresses') host,
      current_setting('unix_socket_directories') sockets, current_setting('fsync') fsync, lower('Ä') low, current_setting('password_encryption') auth`
    expect(await query(server, sql)).toEqual([
      { checksums: 'on', encoding: 'UTF8', host: '127.0.0.1', sockets: '', fsync: 'on', low: 'ä', auth: 'scram-sha-256' },
    ])
    expect((await stat(`${dataDir}.server.json`)).mode & 0o777).toBe(0o600)
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700)
    expect(lines[0]).toMatch(/Creating the database/)
    const wrong = new pg.Client(server.url.replace(/:[^:@]+@/, ':wrong@'))
    await expect(wrong.connect()).rejects.toThrow(/password authentication failed/)
  } finally {
    await server.stop()
  }
})

test('embedded server keeps its data, port and password over a restart, and stops twice without complaint', async () => {
  const dataDir = await copyOf('second start')
  const first = await openEmbeddedServer({ dataDir })
  await query(first, "insert into note values ('second')")
  await Promise.all([first.stop(), first.stop()])
  await first.stop()
  const again = await openEmbeddedServer({ dataDir })
  expect(again.url).toBe(first.url)
  expect(await query(again, 'select body from note')).toEqual([{ body: 'kept' }, { body: 'second' }])
  await again.stop()
  await expect(stat(join(dataDir, 'postmaster.pid'))).rejects.toThrow(/ENOENT/)
})

test('embedded server recovers what was committed before its process was killed', async () => {
  const dataDir = await copyOf('killed')
  const first = await openEmbeddedServer({ dataDir })
  await query(first, "insert into note values ('committed')")
  process.kill(await pidOf(dataDir), 'SIGKILL')
  await first.stop()
  const again = await openEmbeddedServer({ dataDir })
  expect(await query(again, 'select body from note')).toEqual([{ body: 'kept' }, { body: 'committed' }])
  await again.stop()
})

test('embedded server of another program is refused while that lives and taken over when it was killed', async () => {
  const dataDir = await copyOf('orphan')
  const program = `
    const { openEmbeddedServer } = await import(${JSON.stringify(new URL('./embedded.ts', import.meta.url).href)})
    await openEmbeddedServer({ dataDir: ${JSON.stringify(dataDir)} })
    console.log('open')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  const orphan = await pidOf(dataDir)
  expect(await refusalOf(openEmbeddedServer({ dataDir }))).toEqual({
    code: 'conflict',
    message: expect.stringContaining(`is open in process ${child.pid}.`),
  })
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
  const lines: string[] = []
  const server = await openEmbeddedServer({ dataDir, onProgress: (line) => lines.push(line) })
  expect(await pidOf(dataDir)).toBe(orphan)
  expect(lines).toEqual([expect.stringMatching(/Taking over/)])
  expect(await query(server, 'select count(*)::int n from note')).toEqual([{ n: 1 }])
  await server.stop()
  await expect(stat(join(dataDir, 'postmaster.pid'))).rejects.toThrow(/ENOENT/)
})

test('embedded server starts although the number in its old pid file now belongs to another program', async () => {
  const dataDir = await copyOf('recycled')
  const stranger = spawn('sleep', ['60'])
  await writeFile(join(dataDir, 'postmaster.pid'), `${stranger.pid}\n${dataDir}\n1\n5432\n\n127.0.0.1\n  1 1\nready   \n`)
  const server = await openEmbeddedServer({ dataDir })
  expect(await query(server, 'select 1 one')).toEqual([{ one: 1 }])
  await server.stop()
  expect(stranger.exitCode).toBe(null)
  stranger.kill()
})

test('embedded server sets a new password when the file that held it is lost', async () => {
  const dataDir = await copyOf('no password', { state: false })
  const server = await openEmbeddedServer({ dataDir })
  expect(await query(server, 'select body from note')).toEqual([{ body: 'kept' }])
  await server.stop()
})

test('embedded server refuses a folder that this process has open, and opens it after the stop', async () => {
  const dataDir = await copyOf('twice')
  const server = await openEmbeddedServer({ dataDir })
  expect(await refusalOf(openEmbeddedServer({ dataDir }))).toEqual({
    code: 'conflict',
    message: expect.stringMatching(/is open in this process already\. Stop that one first/),
  })
  expect(await query(server, 'select 1 one')).toEqual([{ one: 1 }])
  await server.stop()
  await (await openEmbeddedServer({ dataDir })).stop()
})

test('embedded server takes another port when the remembered one is taken, and refuses when a port was asked for', async () => {
  const dataDir = await copyOf('ports')
  const { port } = JSON.parse(await readFile(`${dataDir}.server.json`, 'utf8')) as { port: number }
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve))
  const server = await openEmbeddedServer({ dataDir })
  expect(server.port).not.toBe(port)
  await server.stop()
  expect(await refusalOf(openEmbeddedServer({ dataDir, port }))).toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/Port \d+ is taken/),
  })
  other.close()
})

test('embedded server refuses a folder of another PostgreSQL version or with other files', async () => {
  const old = join(folder, 'old')
  await mkdir(old)
  await writeFile(join(old, 'PG_VERSION'), '15\n')
  expect(await refusalOf(openEmbeddedServer({ dataDir: old }))).toMatchObject({
    code: 'wrong-state',
    message: expect.stringMatching(/PostgreSQL 15/),
  })
  const photos = join(folder, 'photos')
  await mkdir(photos)
  await writeFile(join(photos, 'knee.txt'), '')
  expect(await refusalOf(openEmbeddedServer({ dataDir: photos }))).toMatchObject({
    code: 'wrong-state',
    message: expect.stringMatching(/no database/),
  })
})

test('embedded server refuses a path through a file', async () => {
  await writeFile(join(folder, 'a-file'), '')
  expect(await refusalOf(openEmbeddedServer({ dataDir: join(folder, 'a-file', 'pg') }))).toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/a part of the path is a file\. Choose another folder/),
  })
})

test('embedded server leaves nothing half made when its first start is killed', async () => {
  const dataDir = join(folder, 'half', 'pg')
  await mkdir(join(folder, 'half', 'pg.new', 'data'), { recursive: true })
  await writeFile(join(folder, 'half', 'pg.new', 'data', 'PG_VERSION'), '18\n')
  const server = await openEmbeddedServer({ dataDir, disposable: true })
  expect(await query(server, 'select 1 one')).toEqual([{ one: 1 }])
  await server.stop()
})

test('embedded server keeps values of failed statements out of its log', async () => {
  const dataDir = await copyOf('log')
  const server = await openEmbeddedServer({ dataDir })
  await query(server, "select 'planted-secret'::int").catch(() => {})
  await query(server, "create unique index on note (body); insert into note values ('planted-secret'), ('planted-secret')").catch(() => {})
  await server.stop()
  const log = await readFile(`${dataDir}.log`, 'utf8')
  expect(log).toMatch(/ready to accept connections/)
  expect(log).not.toContain('planted-secret')
})

const asRoot = process.getuid?.() === 0

test.runIf(asRoot && process.platform === 'linux')('embedded server runs for root below a folder that is closed to others', async () => {
  const closed = join(folder, 'closed')
  await mkdir(closed, { mode: 0o700 })
  const server = await openEmbeddedServer({ dataDir: join(closed, 'pg'), disposable: true })
  expect(await query(server, 'select 1 one')).toEqual([{ one: 1 }])
  await server.stop()
})

test.runIf(!asRoot)('embedded server refuses a folder that this account may not write', async () => {
  const locked = join(folder, 'locked')
  await mkdir(locked, { mode: 0o500 })
  expect(await refusalOf(openEmbeddedServer({ dataDir: join(locked, 'pg') }))).toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/may not write there\. Give it the right to, or choose another folder/),
  })
})
