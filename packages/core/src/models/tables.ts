export type Outcome = 'ok' | 'refused' | 'failed'

interface ModelUseTable {
  id: string
  organizationId: string
  plugin: string
  task: string
  /** `openai-compatible:<model>`. */
  provider: string
  /** SHA-256 of everything that was asked, in hex. */
  inputHash: string
  /** SHA-256 of the accepted answer, in hex; null when there is none. */
  outputHash: string | null
  /** Null = the endpoint did not say. */
  inputTokens: number | null
  outputTokens: number | null
  /** `refused`: the kernel would not send it or accepted no answer; `failed`: the endpoint gave none. */
  outcome: Outcome
  usedAt: string
}

declare module '../db/database.ts' {
  interface Database {
    'kernel.model_use': ModelUseTable
  }
}
