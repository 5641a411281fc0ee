import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Copies of the latest checkpoint of each organization, outside of the database. Without one, cutting off the end of the log together with
 * its checkpoints could not be noticed. Put the folder where the database's operator cannot write, or copy it away.
 */
export class AnchorFolder {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  async keep(organizationId: string, note: string): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 })
    const path = this.#path(organizationId)
    // Written beside and renamed, so that a crash leaves the old note or the new one.
    const draft = `${path}.${process.pid}.draft`
    await writeFile(draft, note, { mode: 0o600 })
    await rename(draft, path)
  }

  async of(organizationId: string): Promise<readonly string[]> {
    try {
      return [await readFile(this.#path(organizationId), 'utf8')]
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
      throw error
    }
  }

  #path(organizationId: string): string {
    return join(this.#directory, `${organizationId}.note`)
  }
}
