import { api } from './api.ts'
import type { Change } from './api-types.ts'

type Message = { kind: 'change'; change: Change } | { kind: 'signed-out' }
const NAME = 'gonio-live'

/**
 * Changes of the clinic as they happen. One stream per browser however many tabs: the tab that holds the lock listens and tells the others,
 * because HTTP/1.1 allows six connections a host. `caughtUp` is called when this tab takes over and may have missed something.
 */
export function listen(hear: { change: (change: Change) => void; caughtUp: () => void; signedOut: () => void }): () => void {
  const channel = new BroadcastChannel(NAME)
  const stop = new AbortController()
  channel.onmessage = (event: MessageEvent<Message>) => {
    if (event.data.kind === 'change') hear.change(event.data.change)
    else hear.signedOut()
  }
  const stream = (): { close: () => void } => {
    const subscription = api.live.changes.subscribe(undefined, {
      onData: (data) => {
        const change = unwrap(data)
        hear.change(change)
        channel.postMessage({ kind: 'change', change } satisfies Message)
      },
      onError: () => undefined,
    })
    return { close: () => subscription.unsubscribe() }
  }
  // Web Locks need https or localhost; a clinic on plain http gets one stream per tab.
  if (navigator.locks === undefined) {
    const own = stream()
    stop.signal.addEventListener('abort', own.close)
  } else {
    let waited = false
    void navigator.locks.query().then((state) => {
      waited = (state.held ?? []).some((lock) => lock.name === NAME)
    })
    navigator.locks
      .request(
        NAME,
        { signal: stop.signal },
        () =>
          new Promise<void>((release) => {
            if (stop.signal.aborted) return release()
            const own = stream()
            if (waited) hear.caughtUp()
            stop.signal.addEventListener('abort', () => {
              own.close()
              release()
            })
          }),
      )
      .catch(() => undefined)
  }
  return () => {
    stop.abort()
    channel.close()
  }
}

/** A tracked event comes with its id around it. */
function unwrap(heard: Change | { data: Change }): Change {
  return 'data' in heard ? heard.data : heard
}

/** Tells the other tabs that this browser signed out. */
export function announceSignOut(): void {
  const channel = new BroadcastChannel(NAME)
  channel.postMessage({ kind: 'signed-out' } satisfies Message)
  channel.close()
}
