const NEWLINE = 0x0a

/** The largest message a plugin may send. */
export const MAX_MESSAGE_BYTES = 1_000_000

/** One message on the channel: JSON never holds a bare line break, so a line is a message. */
export function asFrame(text: string): string {
  return `${text}\n`
}

/** Cuts a stream into lines. A line past `maxBytes` is given up before it is whole, so that a sender cannot fill our memory. */
export function readFrames(on: { maxBytes: number; frame(text: string): void; tooLong(): void }): (chunk: Buffer) => void {
  let parts: Buffer[] = []
  let held = 0
  let broken = false
  return (chunk) => {
    let from = 0
    while (!broken && from < chunk.length) {
      const end = chunk.indexOf(NEWLINE, from)
      const part = chunk.subarray(from, end === -1 ? chunk.length : end)
      held += part.length
      if (held > on.maxBytes) {
        broken = true
        parts = []
        return on.tooLong()
      }
      parts.push(part)
      if (end === -1) return
      const text = Buffer.concat(parts).toString('utf8')
      parts = []
      held = 0
      from = end + 1
      on.frame(text)
    }
  }
}
