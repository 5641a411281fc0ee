import type { Message } from './model.ts'

/** What a free text says about authorization. It is only ever a hint: anything conditional, partial or uncertain stays unknown. */
export interface AuthorizationText {
  readonly says: 'required' | 'not-required' | 'unclear'
  readonly afterVisits: number | null
  readonly message: Message
}

const ABOUT = /\b(PRE-?\s?AUTH\w*|AUTH\w*|PRE-?\s?CERT\w*|PRIOR\s+APPROVAL|PRE-?\s?APPROVAL|PRE-?\s?DETERMINATION)\b/
const AFTER =
  /\b(?:AFTER|BEYOND|FOLLOWING|EXCEED(?:S|ING)?|OVER|MORE THAN)\b(?:\s+THE)?(?:\s+(?:FIRST|INITIAL))?\s+(\d{1,3})\s*(?:VISIT|VST|TREATMENT|SESSION)/
const FREE = /\bFIRST\s+(\d{1,3})\s*(?:VISIT|VST|TREATMENT|SESSION)/
// Whole-sentence forms only: one more word may turn the meaning round.
const REQUIRED =
  /^(?:PRIOR\s+)?(?:PRE-?\s?)?(?:AUTH\w*|CERT\w*|APPROVAL)(?:\s+(?:OR|\/)\s*(?:PRE-?\s?)?(?:CERT\w*|REFERRAL))?\s+(?:IS\s+)?REQUIRED(?:\s+FOR\s+(?:PHYSICAL THERAPY|PT|ALL VISITS))?[.!]?$/
const NOT_REQUIRED =
  /^(?:NO\s+(?:PRIOR\s+)?(?:PRE-?\s?)?(?:AUTH\w*|CERT\w*)\s+(?:IS\s+)?REQUIRED|(?:PRIOR\s+)?(?:PRE-?\s?)?(?:AUTH\w*|CERT\w*)\s+(?:IS\s+)?NOT\s+REQUIRED)(?:\s+FOR\s+(?:PHYSICAL THERAPY|PT))?[.!]?$/

export function readAuthorizationText(messages: readonly Message[]): AuthorizationText[] {
  return messages.flatMap((message): AuthorizationText[] => {
    const text = normalize(message.text)
    if (!ABOUT.test(text)) return []
    const visits = AFTER.exec(text)?.[1] ?? FREE.exec(text)?.[1]
    if (visits !== undefined) return [{ says: 'unclear', afterVisits: Number(visits), message }]
    const says = NOT_REQUIRED.test(text) ? 'not-required' : REQUIRED.test(text) ? 'required' : 'unclear'
    return [{ says, afterVisits: null, message }]
  })
}

const REFERRAL_REQUIRED = /^(?:PCP\s+|PHYSICIAN\s+)?REFERRAL\s+(?:IS\s+)?REQUIRED[.!]?$/
const REFERRAL_NOT_REQUIRED = /^(?:NO\s+REFERRAL\s+(?:IS\s+)?REQUIRED|REFERRAL\s+(?:IS\s+)?NOT\s+REQUIRED)[.!]?$/

export function readReferralText(message: Message): 'Y' | 'N' | 'unknown' | null {
  const text = normalize(message.text)
  if (!/\bREFERRAL\b|\bREFERRED\b/.test(text)) return null
  return REFERRAL_REQUIRED.test(text) ? 'Y' : REFERRAL_NOT_REQUIRED.test(text) ? 'N' : 'unknown'
}

/** Habilitative and rehabilitative limits come as twin lines; a clinic's usual care is the second. */
export function isHabilitativeOnly(messages: readonly Message[]): boolean {
  const text = normalize(messages.map((message) => message.text).join(' '))
  return /\bHABILITAT/.test(text) && !/\bREHABILITAT/.test(text)
}

const THERAPIES: readonly (readonly [string, RegExp])[] = [
  ['PT', /\bPT\b|\bPHYSICAL THERAPY\b|\bPHYSICAL\b/],
  ['OT', /\bOT\b|\bOCCUPATIONAL\b/],
  ['ST', /\bST\b|\bSLP\b|\bSPEECH\b/],
  ['chiropractic', /\bCHIRO\w*/],
]

/** The therapies that share one limit, when a text says so; a merged EB03 says no such thing (X12 RFI 2816). */
export function readCombinedText(message: Message): string[] | null {
  const text = normalize(message.text)
  if (!/\b(COMBINED|COMBINATION|SHARED|COMBINES?)\b/.test(text) || /\bNOT\s+(COMBINED|SHARED)\b/.test(text)) return null
  return THERAPIES.filter(([, pattern]) => pattern.test(text)).map(([name]) => name)
}

function normalize(text: string): string {
  return text.slice(0, 2_000).toUpperCase().replace(/\s+/g, ' ').trim()
}
