import { createServer } from 'node:http'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'

interface SeenRequest {
  readonly url: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: {
    model: string
    max_tokens: number
    temperature: number
    messages: { role: string; content: unknown }[]
    response_format: { type: string; json_schema: { schema: unknown } }
  }
}

export type Reply = (response: ServerResponse) => void

export interface ModelServer {
  readonly baseUrl: string
  readonly seen: SeenRequest[]
  /** Replies to the next requests, in order; the last one stays. */
  reply(...replies: Reply[]): void
  close(): Promise<void>
}

/** A real server that speaks /v1/chat/completions and answers what a test tells it to. */
export async function openModelServer(): Promise<ModelServer> {
  const seen: SeenRequest[] = []
  let replies: Reply[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      seen.push({ url: request.url, headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) })
      const next = replies.length > 1 ? replies.shift() : replies[0]
      if (next === undefined) response.writeHead(404).end()
      else next(response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    seen,
    reply(...next) {
      replies = next
      seen.length = 0
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A completion with this text; `usage` as the server would write it, or left out. */
export function says(text: string, usage?: Readonly<Record<string, number>>): Reply {
  return (response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(completion(text, usage))
  }
}

export function completion(text: string, usage?: Readonly<Record<string, number>>): string {
  const choices = [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }]
  return JSON.stringify({ id: 'c1', object: 'chat.completion', created: 1, model: 'tiny', choices, ...(usage ? { usage } : {}) })
}

/** An error that quotes the request, as many servers do. `retry-after-ms` keeps the test short. */
export function fails(status: number, message: string): Reply {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'retry-after-ms': '1' })
    response.end(JSON.stringify({ error: { message } }))
  }
}
