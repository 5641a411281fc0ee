/** Longest certification span, by first day of treatment. */
export const CERTIFICATION_SPANS = [
  { days: 90, effectiveFrom: '2008-01-01', checkedOn: '2026-11-24', source: '42 CFR 424.24(c)(4); CMS Pub 100-02 ch. 15 §220.1.3.B' },
] as const

/** Cases the rule must reproduce: the evaluation day itself is day 0. */
export const CERTIFICATION_CASES = [
  { evaluation: '2026-01-05', weeks: 12, to: '2026-03-30' },
  { evaluation: '2026-01-05', weeks: 16, to: '2026-04-05' },
  { evaluation: '2026-12-01', weeks: 4, to: '2026-12-29' },
] as const
