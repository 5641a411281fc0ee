import { execFile } from 'node:child_process'
import { access, constants, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '..', '..')

export interface Chromium {
  readonly executablePath: string
  readonly env: Record<string, string>
}

/** Unpacks the browser of `@sparticuz/chromium` with its fonts and libraries; none for machines that it is not made for. */
export async function unpackChromium(): Promise<Chromium | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  const target = join(await cacheFolder(), `chromium-${await packageVersion()}`)
  const executablePath = join(target, 'chromium')
  if (!(await isThere(executablePath))) await unpackInto(target)
  return {
    executablePath,
    env: {
      // The machine's own libraries come first in general; these are the few that a plain Debian lacks (NSS, expat).
      LD_LIBRARY_PATH: [join(target, 'al2023', 'lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':'),
      FONTCONFIG_FILE: join(target, 'fonts.conf'),
    },
  }
}

/** Into a folder beside the wanted one and then renamed, because several test runs may do it at once. */
async function unpackInto(target: string): Promise<void> {
  const staging = `${target}.${process.pid}`
  await mkdir(staging, { recursive: true })
  // The package unpacks into the temporary folder of its process, and its libraries only where it believes to be in a cloud function.
  const program = "const { default: chromium } = await import('@sparticuz/chromium'); await chromium.executablePath()"
  await run(process.execPath, ['--input-type=module', '-e', program], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: staging, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
    timeout: 120_000,
  })
  await writeFile(join(staging, 'fonts.conf'), fontConfig(target))
  await rename(staging, target).catch(() => rm(staging, { recursive: true, force: true }))
}

/** The browser brings one font (Latin letters); the machine's fonts, where there are any, add to it. */
function fontConfig(target: string): string {
  const alias = (family: string) => `<alias binding="strong"><family>${family}</family><prefer><family>Open Sans</family></prefer></alias>`
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${escapeXml(join(target, 'fonts'))}</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir>${escapeXml(join(target, 'font-cache'))}</cachedir>
  ${['sans-serif', 'serif', 'system-ui', 'ui-sans-serif'].map(alias).join('\n  ')}
</fontconfig>
`
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

async function cacheFolder(): Promise<string> {
  const inTree = join(ROOT, 'node_modules', '.cache', 'gonio')
  try {
    await mkdir(inTree, { recursive: true })
    await access(inTree, constants.W_OK)
    return inTree
  } catch {
    const own = join(tmpdir(), `gonio-cache-${process.getuid?.() ?? 0}`)
    await mkdir(own, { recursive: true, mode: 0o700 })
    return own
  }
}

async function packageVersion(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const text = await readFile(join(dirname(dirname(entry)), 'package.json'), 'utf8')
  return /"version":\s*"([^"]+)"/.exec(text)?.[1] ?? 'unknown'
}

function isThere(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
