/**
 * What `npm start` and `npm test` run on a machine that has only Node 20 and npm: installs the packages when they changed,
 * builds the console when its sources changed, then runs the target on the Node version that Gonio is made for.
 * Plain JavaScript without dependencies, because nothing is installed yet when it starts.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const PNPM = 'pnpm@12.21.0'
const MIN_NODE = 20
const NODE = join(ROOT, 'node_modules', 'node', 'bin', 'node')

const TARGETS = {
  start: { args: ['packages/core/src/cli/gonio.ts', 'start', '--config', 'examples/small-clinic'], env: {} },
  test: { args: ['scripts/test.ts'], env: {} },
  'test:full': { args: ['scripts/test.ts'], env: { GONIO_FULL: '1' } },
}

main(process.argv[2], process.argv.slice(3))

function main(name, extra) {
  const target = Object.hasOwn(TARGETS, name ?? '') ? TARGETS[name] : undefined
  if (!target) stop(`Say what to run: node scripts/bootstrap.mjs ${Object.keys(TARGETS).join(' | ')}`)
  if (Number(process.versions.node.split('.')[0]) < MIN_NODE) {
    stop(`Gonio needs Node ${MIN_NODE} or later to start; this is Node ${process.versions.node}. Install a newer one and try again.`)
  }
  installPackages()
  buildConsole()
  runTarget([...target.args, ...extra], target.env)
}

function installPackages() {
  const stamp = join(ROOT, 'node_modules', '.gonio-installed')
  const wanted = `${process.platform}-${process.arch} ${hashOf(['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...packageFiles()])}`
  if (existsSync(NODE) && readIfThere(stamp) === wanted) return
  say('Installing the packages (the first time about a minute)…')
  const args = ['--yes', PNPM, 'install', '--frozen-lockfile', '--config.confirm-modules-purge=false']
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx'
  const started = Date.now()
  const result = spawnSync(npx, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] })
  if (result.error) stop(`npx did not start (${result.error.message}). Install npm, which brings it.`)
  if (result.status !== 0)
    stop('The packages were not installed. The lines above say why; check the network and the free disk space, then try again.')
  if (!existsSync(NODE))
    stop(`There is no Node for ${process.platform}-${process.arch} among the packages. Gonio runs on 64-bit Linux and macOS.`)
  writeFileSync(stamp, wanted)
  say(`Packages installed in ${seconds(started)} s.`)
}

/** The files whose change means that something else has to be installed. */
function packageFiles() {
  const folders = ['packages', join('packages', 'plugins'), 'apps', 'examples'].flatMap((parent) =>
    listFolder(parent).map((name) => join(parent, name)),
  )
  return ['package.json', ...folders.map((folder) => join(folder, 'package.json'))].filter((path) => existsSync(join(ROOT, path)))
}

function buildConsole() {
  const app = join('apps', 'admin')
  if (!existsSync(join(ROOT, app, 'package.json'))) return say('No console in this tree (apps/admin): nothing to build.')
  const stamp = join(ROOT, app, 'build', '.gonio-built')
  const wanted = hashOf(['pnpm-lock.yaml', ...listFiles(app), ...listFiles(join('packages', 'sdk', 'src'))])
  if (readIfThere(stamp) === wanted) return
  say('Building the console (about 20 seconds)…')
  const started = Date.now()
  const vite = join(ROOT, app, 'node_modules', 'vite', 'bin', 'vite.js')
  const result = spawnSync(NODE, [vite, 'build', '--logLevel', 'warn'], {
    cwd: join(ROOT, app),
    stdio: 'pipe',
    encoding: 'utf8',
    env: environment({}),
  })
  if (result.status !== 0) stop(`${result.stdout ?? ''}${result.stderr ?? ''}\nThe console was not built.`)
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
  say(`Console built in ${seconds(started)} s.`)
}

function runTarget(args, env) {
  const child = spawn(NODE, args, { cwd: ROOT, stdio: 'inherit', env: environment(env) })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // The terminal has sent Ctrl-C to the child as well; a second one would mean "at once".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  child.on('error', (error) => stop(`${NODE} did not start: ${error.message}. Delete node_modules and try again.`))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 15)))
}

function environment(extra) {
  return { ...process.env, PATH: `${join(ROOT, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`, ...extra }
}

function hashOf(paths) {
  const hash = createHash('sha256')
  for (const path of paths) hash.update(`${path}\0`).update(readFileSync(join(ROOT, path)))
  return hash.digest('hex')
}

function listFiles(folder) {
  return listFolder(folder, true).flatMap((entry) => {
    if (['node_modules', 'build', '.svelte-kit'].includes(entry.name)) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? listFiles(path) : entry.isFile() ? [path] : []
  })
}

function listFolder(folder, withTypes = false) {
  const path = join(ROOT, folder)
  if (!existsSync(path)) return []
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  return withTypes ? entries : entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
}

function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

function seconds(started) {
  return Math.round((Date.now() - started) / 1000)
}

function say(line) {
  console.log(line)
}

function stop(line) {
  console.error(line)
  process.exit(1)
}
