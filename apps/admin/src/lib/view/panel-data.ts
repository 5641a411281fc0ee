import type { ViewRef } from '#lib/api-types.ts'
import type { Refs, View } from '@gonio/sdk'

/** A plugin's panel with what the server could read of it in time. */
export interface PanelData {
  readonly ref: ViewRef
  readonly refs: Refs
  readonly view: View | null
  readonly problem: string | null
}
