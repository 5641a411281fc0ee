/**
 * What the codes of a 271 mean, in our own words; only what reading an answer live needs. The licensed lists stay with X12 and its
 * publishers. A code that is not here is shown as it is and reported as unknown.
 */
export const CODES_SOURCE = {
  source: 'X12 005010 271 as published payers’ and clearinghouses’ companion guides use it; own wording',
  effectiveFrom: '2012-01-01',
  checkedOn: '2026-11-24',
} as const

export type CodeTable = Readonly<Record<string, string>>

/** EB01: what kind of statement the line makes. */
export const BENEFIT_INFO: CodeTable = {
  '1': 'active', '2': 'active, full-risk capitation', '3': 'active, services capitated', '4': 'active, services capitated to the primary care provider',
  '5': 'active, under investigation', '6': 'inactive', '7': 'inactive, update pending', '8': 'inactive, under investigation',
  A: 'coinsurance', B: 'copay', C: 'deductible', CB: 'coverage basis', D: 'description', E: 'exclusion', F: 'limitation', G: 'out-of-pocket maximum',
  H: 'unlimited', I: 'not covered', J: 'cost containment', K: 'reserve', L: 'primary care provider', M: 'pre-existing condition',
  MC: 'managed care coordinator', N: 'restricted to a provider', O: 'not a medical necessity', P: 'disclaimer', Q: 'second surgical opinion',
  R: 'other or additional payer', S: 'prior year history', T: 'card reported lost or stolen', U: 'contact for this benefit', V: 'cannot be processed',
  W: 'other source of data', X: 'health care facility', Y: 'spend-down',
}

export const ACTIVE_CODES: readonly string[] = ['1', '2', '3', '4', '5']
export const INACTIVE_CODES: readonly string[] = ['6', '7', '8']
/** The payer itself says that it is still looking: never shown as settled. */
export const PENDING_CODES: readonly string[] = ['5', '7', '8']

/** EB02: whom the amount counts for. */
export const COVERAGE_LEVELS: CodeTable = {
  CHD: 'children only', DEP: 'dependents only', ECH: 'employee and children', EMP: 'employee only', ESP: 'employee and spouse', FAM: 'family',
  IND: 'individual', SPC: 'spouse and children', SPO: 'spouse only',
}

/** EB03: service types that clinics meet. */
export const SERVICE_TYPES: CodeTable = {
  '1': 'medical care', '2': 'surgery', '4': 'imaging', '5': 'laboratory', '6': 'radiation therapy', '7': 'anesthesia', '8': 'surgical assistance',
  '12': 'equipment, purchase', '18': 'equipment, rental', '20': 'second opinion', '22': 'social work', '23': 'dental, diagnostic', '30': 'plan in general',
  '33': 'chiropractic', '35': 'dental care', '42': 'home health', '45': 'hospice', '47': 'hospital', '48': 'hospital, inpatient', '49': 'hospital, room and board',
  '50': 'hospital, outpatient', '51': 'emergency, accident', '52': 'emergency, medical', '53': 'ambulatory surgery', '54': 'long-term care',
  '56': 'medical transport', '60': 'general benefits', '61': 'in vitro fertilization', '62': 'MRI or CT', '64': 'acupuncture', '65': 'newborn care',
  '68': 'well-baby care', '69': 'maternity', '73': 'diagnostic medical', '75': 'prosthetics', '76': 'dialysis', '78': 'chemotherapy', '80': 'immunization',
  '81': 'routine physical', '82': 'family planning', '83': 'infertility', '84': 'abortion', '86': 'emergency', '88': 'pharmacy', '93': 'podiatry',
  '98': 'office visit', '99': 'physician, inpatient', A0: 'physician, outpatient', A3: 'physician, home', A4: 'psychiatric', A5: 'psychiatric, room and board',
  A6: 'psychotherapy', A7: 'psychiatric, inpatient', A8: 'psychiatric, outpatient', A9: 'rehabilitation', AB: 'rehabilitation, inpatient',
  AC: 'rehabilitation, outpatient', AD: 'occupational therapy', AE: 'physical medicine', AF: 'speech therapy', AG: 'skilled nursing',
  AI: 'substance use care', AJ: 'alcohol care', AK: 'drug care', AL: 'vision', AM: 'frames', AO: 'lenses', AQ: 'nonmedically necessary physical',
  BA: 'independent medical evaluation', BB: 'partial psychiatric hospitalization', BF: 'pulmonary rehabilitation', BG: 'cardiac rehabilitation', BH: 'pediatric',
  BL: 'cardiac', BT: 'gynecology', BU: 'obstetrics', BV: 'obstetrics and gynecology', BX: 'mail-order pharmacy', BY: 'office visit, sick', BZ: 'office visit, well',
  C1: 'coronary care', CE: 'mental health, inpatient', CF: 'mental health, outpatient', CG: 'mental health, facility, inpatient', CH: 'mental health, facility, outpatient',
  CI: 'substance use, inpatient', CJ: 'substance use, outpatient', CO: 'flu vaccination', DM: 'durable medical equipment', DS: 'diabetic supplies',
  MH: 'mental health', PT: 'physical therapy', UC: 'urgent care',
}

/** EB06 and HSD05: the period a number counts for. */
export const PERIODS: CodeTable = {
  '6': 'hour', '7': 'day', '13': '24 hours', '21': 'years', '22': 'service year', '23': 'calendar year', '24': 'year to date', '25': 'contract', '26': 'episode',
  '27': 'visit', '28': 'outlier', '29': 'remaining', '30': 'exceeded', '31': 'not exceeded', '32': 'lifetime', '33': 'lifetime remaining', '34': 'month',
  '35': 'week', '36': 'admission',
}

/** EB09 and HSD01: what is counted. */
export const QUANTITIES: CodeTable = {
  '8H': 'minimum', '99': 'quantity used', CA: 'covered, actual', CE: 'covered, estimated', D3: 'coinsurance days', DB: 'deductible blood units', DY: 'days',
  FL: 'units', HS: 'hours', LA: 'lifetime reserve, actual', LE: 'lifetime reserve, estimated', M2: 'maximum', MN: 'months', P6: 'services',
  QA: 'quantity approved', S7: 'age, upper', S8: 'age, lower', VS: 'visits', YY: 'years',
}

/** EB04: kinds of plan that change what a clinic asks next. */
export const INSURANCE_TYPES: CodeTable = {
  C1: 'commercial', HM: 'HMO', MA: 'Medicare Part A', MB: 'Medicare Part B', MC: 'Medicaid', HN: 'Medicare Advantage HMO', PR: 'PPO', PS: 'point of service',
  EP: 'EPO', IN: 'indemnity', WC: 'workers’ compensation', AP: 'auto', OT: 'other', GP: 'group policy', IP: 'individual policy', SP: 'supplemental policy',
}

/** NM101 of a party named under a benefit line. */
export const ENTITY_ROLES: CodeTable = {
  '13': 'contracted service provider', '1I': 'preferred provider organization', '1P': 'provider', '2B': 'third-party administrator', '36': 'employer',
  '73': 'other physician', FA: 'facility', GP: 'gateway provider', GW: 'group', I3: 'independent physicians association', IL: 'insured', LR: 'legal representative',
  OC: 'origin carrier', P3: 'primary care provider', P4: 'prior insurer', P5: 'plan sponsor', PR: 'payer', PRP: 'primary payer', SEP: 'secondary payer',
  TTP: 'tertiary payer', VER: 'party performing verification', VN: 'vendor', VY: 'organization completing configuration change', X3: 'utilization management',
  Y2: 'managed care organization',
}

/** Who can do something about a rejected question. `system` = it is asked again by itself. */
export const WHO_ACTS = ['system', 'front-desk', 'enrollment', 'support', 'payer'] as const
export type WhoActs = (typeof WHO_ACTS)[number]

/** AAA03: why the payer did not answer, and who must act. */
export const REJECT_REASONS: Readonly<Record<string, { readonly text: string; readonly who: WhoActs }>> = {
  '04': { text: 'more was asked for than is allowed', who: 'support' },
  '15': { text: 'required data was missing in our question', who: 'support' },
  '33': { text: 'our question had an input error', who: 'support' },
  '35': { text: 'out of network', who: 'front-desk' },
  '41': { text: 'we are not authorized to ask this payer', who: 'enrollment' },
  '42': { text: 'the payer cannot answer at the moment', who: 'system' },
  '43': { text: 'the provider id is missing or not valid', who: 'enrollment' },
  '44': { text: 'the provider name is missing or not valid', who: 'enrollment' },
  '45': { text: 'the provider specialty is missing or not valid', who: 'enrollment' },
  '46': { text: 'the provider phone is missing or not valid', who: 'enrollment' },
  '47': { text: 'the provider state is missing or not valid', who: 'enrollment' },
  '48': { text: 'the referring provider id is missing or not valid', who: 'front-desk' },
  '49': { text: 'the provider is not the primary care provider', who: 'front-desk' },
  '50': { text: 'the provider may not ask this payer', who: 'enrollment' },
  '51': { text: 'the payer does not know the provider', who: 'enrollment' },
  '52': { text: 'the service date is outside of the provider’s enrollment', who: 'enrollment' },
  '53': { text: 'the benefit asked for does not fit this kind of provider', who: 'support' },
  '54': { text: 'the kind of service id is not suitable', who: 'support' },
  '55': { text: 'the service id is not suitable', who: 'support' },
  '56': { text: 'the date is not suitable', who: 'front-desk' },
  '57': { text: 'the service date is missing or not valid', who: 'front-desk' },
  '58': { text: 'the birth date is missing or not valid', who: 'front-desk' },
  '60': { text: 'the birth date is after the service date', who: 'front-desk' },
  '61': { text: 'the payer has a date of death before the service date', who: 'front-desk' },
  '62': { text: 'the service date is outside of the period the payer answers for', who: 'front-desk' },
  '63': { text: 'the service date is in the future', who: 'front-desk' },
  '64': { text: 'the patient id is missing or not valid', who: 'front-desk' },
  '65': { text: 'the patient name is missing or not valid', who: 'front-desk' },
  '66': { text: 'the patient sex is missing or not valid', who: 'front-desk' },
  '67': { text: 'the payer did not find the patient', who: 'front-desk' },
  '68': { text: 'the payer has the patient id more than once', who: 'front-desk' },
  '69': { text: 'the question does not fit the patient’s age', who: 'front-desk' },
  '70': { text: 'the question does not fit the patient’s sex', who: 'front-desk' },
  '71': { text: 'the birth date differs from the payer’s record', who: 'front-desk' },
  '72': { text: 'the member id is missing or not valid', who: 'front-desk' },
  '73': { text: 'the subscriber name is missing or not valid', who: 'front-desk' },
  '74': { text: 'the subscriber sex is missing or not valid', who: 'front-desk' },
  '75': { text: 'the payer did not find the subscriber', who: 'front-desk' },
  '76': { text: 'the payer has the member id more than once', who: 'front-desk' },
  '77': { text: 'the payer found the subscriber but not the patient', who: 'front-desk' },
  '78': { text: 'the subscriber is not in this group or plan', who: 'front-desk' },
  '79': { text: 'the participant id is not valid', who: 'enrollment' },
  '80': { text: 'no answer came from the payer', who: 'system' },
  '97': { text: 'the provider address is missing or not valid', who: 'enrollment' },
  '98': { text: 'the payer regards the service as experimental', who: 'payer' },
  T4: { text: 'the payer name or id is missing', who: 'support' },
}

/** AAA04: what the payer asks for next. `retryAfterDays` null = not before something changed. */
export const FOLLOW_UPS: Readonly<Record<string, { readonly text: string; readonly again: 'now' | 'later' | 'after-correction' | 'no' }>> = {
  C: { text: 'correct and ask again', again: 'after-correction' },
  N: { text: 'do not ask again', again: 'no' },
  P: { text: 'send the original question again', again: 'now' },
  R: { text: 'asking again is allowed', again: 'now' },
  S: { text: 'do not ask again, a third party was asked', again: 'no' },
  W: { text: 'wait 30 days and ask again', again: 'later' },
  X: { text: 'wait 10 days and ask again', again: 'later' },
  Y: { text: 'do not ask again, the payer will answer', again: 'no' },
}

/** Which service types answer for physical therapy, best first. The last two speak of something wider. */
export const THERAPY_TIERS: readonly (readonly string[])[] = [['PT'], ['AE'], ['A9', 'AC']]
export const GENERAL_TIERS: readonly (readonly string[])[] = [['98'], ['30']]

/** Amounts and counts that real payers send for "no limit" (X12 RFI 2795; CMS samples). */
export const PLACEHOLDERS = { amountFrom: 999_999, quantities: [999, 9_999, 99_999, 999_999] } as const

/** DTP01: which dates open and which close a period. */
export const DATE_ROLES = {
  begin: ['346', '348', '356', '193'],
  end: ['347', '349', '357', '194'],
  range: ['291', '292', '307'],
  planBegin: ['346', '356'],
  planEnd: ['347', '357'],
  planRange: ['291', '307'],
} as const
