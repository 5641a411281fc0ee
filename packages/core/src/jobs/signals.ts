import pg from 'pg'

/** Listens on PostgreSQL channels with one connection of its own, and reconnects by itself. */
export interface Signals {
  on(channel: string, hear: (payload: string) => void): () => void
  close(): Promise<void>
}

const RETRY_MS = 500

/** @param channels plain identifiers; after a reconnect every listener hears `''`, because messages may have been missed */
export async function openSignals(url: string, channels: readonly string[]): Promise<Signals> {
  const listeners = new Map<string, Set<(payload: string) => void>>()
  const hear = (channel: string, payload: string): void => {
    for (const listener of listeners.get(channel) ?? []) listener(payload)
  }
  let closed = false
  let client: pg.Client | null = null
  let timer: NodeJS.Timeout | undefined

  async function connect(): Promise<void> {
    const next = new pg.Client({ connectionString: url, keepAlive: true })
    next.on('error', () => next.end().catch(ignore))
    next.on('end', () => {
      client = null
      if (!closed) timer = setTimeout(reconnect, RETRY_MS)
    })
    next.on('notification', (message) => hear(message.channel, message.payload ?? ''))
    await next.connect()
    for (const channel of channels) await next.query(`listen ${channel}`)
    client = next
  }
  function reconnect(): void {
    if (closed) return
    connect().then(
      () => channels.forEach((channel) => hear(channel, '')),
      () => {
        timer = setTimeout(reconnect, RETRY_MS)
      },
    )
  }
  await connect()
  return {
    on(channel, listener) {
      const set = listeners.get(channel) ?? new Set()
      listeners.set(channel, set.add(listener))
      return () => set.delete(listener)
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await client?.end().catch(ignore)
    },
  }
}

/** The connection is going away; how it says so is of no interest. */
function ignore(): void {}
