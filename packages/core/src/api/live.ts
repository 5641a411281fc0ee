import type { Refs } from '@gonio/sdk'
import { tracked } from '@trpc/server'
import { z } from 'zod'

import { LIVE_CHANNEL } from '../work/index.ts'
import { router, signedIn } from './trpc.ts'
import type { ApiDeps } from './trpc.ts'

const Notice = z.object({ organizationId: z.uuid(), topic: z.string(), refs: z.record(z.string(), z.string()) })
export interface LiveChange {
  readonly id: string
  readonly topic: 'proposal' | 'visit' | 'patient' | 'episode' | 'job' | 'document' | 'plugin'
  readonly refs: Refs
}
/** A console that reads slower than this loses the oldest notices; it refetches anyway. */
const MAX_WAITING = 500

export const live = router({
  changes: signedIn.subscription(async function* ({ ctx, signal }) {
    for await (const change of changesOf(ctx.deps, ctx.viewer.organizationId, signal)) yield tracked(change.id, change)
  }),
})

async function* changesOf(deps: ApiDeps, organizationId: string, signal: AbortSignal | undefined): AsyncGenerator<LiveChange> {
  const waiting: LiveChange[] = []
  let wake: () => void = () => {}
  const stop = deps.signals.on(LIVE_CHANNEL, (payload) => {
    const notice = parse(payload)
    if (notice === null || notice.organizationId !== organizationId) return
    if (waiting.length >= MAX_WAITING) waiting.shift()
    waiting.push({ id: deps.clock.newId(), topic: topicOf(notice.topic), refs: notice.refs })
    wake()
  })
  signal?.addEventListener('abort', () => wake())
  try {
    while (signal?.aborted !== true) {
      const next = waiting.shift()
      if (next !== undefined) yield next
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    stop()
  }
}

function parse(payload: string): z.infer<typeof Notice> | null {
  if (payload === '') return null
  const parsed = Notice.safeParse(JSON.parse(payload))
  return parsed.success ? parsed.data : null
}

function topicOf(eventType: string): LiveChange['topic'] {
  const noun = eventType.split('.')[0]
  switch (noun) {
    case 'proposal':
    case 'visit':
    case 'patient':
    case 'job':
    case 'document':
    case 'plugin':
      return noun
    default:
      return 'episode'
  }
}
