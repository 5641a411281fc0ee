import type { IncomingMessage } from 'node:http'

import type { ApiCaller, Session } from '#lib/api-types.ts'

declare global {
  namespace App {
    interface Error {
      code?: string
    }
    interface PageData {
      session?: Session
      /** Milliseconds, as the server saw it. */
      now?: number
    }
    interface Locals {
      /** Language of a patient page; staff pages are English. */
      language?: 'en' | 'es'
      /** Only under `vite dev`, where no kernel hands us a caller. */
      devApi?: ApiCaller
    }
    interface PageState {
      /** Index of the question a patient looks at. */
      question?: number
    }
    interface Platform {
      /** The kernel's HTTP server hangs the caller of this request's session on the request. */
      req: IncomingMessage & { api: ApiCaller }
    }
  }
}

export {}
