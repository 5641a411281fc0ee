import { z } from 'zod'

/** Where a plugin may show something. */
export const SLOTS = [
  'today.panel/v1',
  'patient.card/v1',
  'episode.tab/v1',
  'visit.panel/v1',
  'approval.detail/v1',
  'nav.page/v1',
  'settings.page/v1',
] as const
export type Slot = (typeof SLOTS)[number]

const Tone = z.enum(['plain', 'good', 'warn', 'bad'])
const Cell = z.union([z.string().max(2_000), z.number(), z.null()])

/** What a plugin may show without shipping code: host components by name, no HTML, no URLs, no scripts. */
const Leaf = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string().max(5_000), tone: Tone.optional() }),
  z.object({
    kind: z.literal('stat'),
    label: z.string().max(120),
    value: Cell,
    note: z.string().max(300).optional(),
    tone: Tone.optional(),
  }),
  z.object({
    kind: z.literal('key-value'),
    rows: z
      .array(z.object({ label: z.string().max(120), value: Cell, note: z.string().max(500).optional(), tone: Tone.optional() }))
      .max(100),
  }),
  z.object({
    kind: z.literal('table'),
    caption: z.string().max(200),
    columns: z
      .array(
        z.object({
          key: z.string().max(60),
          label: z.string().max(120),
          as: z.enum(['text', 'number', 'date', 'instant', 'status']).optional(),
        }),
      )
      .min(1)
      .max(20),
    rows: z.array(z.record(z.string(), Cell)).max(500),
  }),
  z.object({
    kind: z.literal('trend'),
    caption: z.string().max(200),
    unit: z.string().max(40),
    points: z.array(z.object({ at: z.string().max(40), value: z.number() })).max(200),
    target: z.number().optional(),
    better: z.enum(['up', 'down']).optional(),
  }),
  z.object({
    kind: z.literal('timeline'),
    entries: z
      .array(z.object({ at: z.string().max(40), title: z.string().max(200), note: z.string().max(500).optional(), tone: Tone.optional() }))
      .max(200),
  }),
  z.object({
    kind: z.literal('statements'),
    caption: z.string().max(200),
    sentences: z
      .array(z.object({ section: z.string().max(80), text: z.string().max(2_000), evidence: z.array(z.string().max(300)).max(20) }))
      .max(200),
  }),
  z.object({
    kind: z.literal('action'),
    label: z.string().max(80),
    procedure: z.string().max(120),
    input: z.record(z.string(), z.unknown()),
    primary: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('empty'), title: z.string().max(120), hint: z.string().max(300) }),
])

export type ViewLeaf = z.infer<typeof Leaf>
export type View =
  | ViewLeaf
  | { kind: 'stack'; title?: string | undefined; children: View[] }
  | { kind: 'card'; title: string; tone?: z.infer<typeof Tone> | undefined; children: View[] }

/** Checked by the kernel before a view reaches the console. */
export const View: z.ZodType<View> = z.lazy(() =>
  z.union([
    Leaf,
    z.object({ kind: z.literal('stack'), title: z.string().max(120).optional(), children: z.array(View).max(100) }),
    z.object({ kind: z.literal('card'), title: z.string().max(120), tone: Tone.optional(), children: z.array(View).max(100) }),
  ]),
)
