/** What a change must reach to be more than measurement error. Only measures with a source are here; of others no verdict is drafted. */
export const DETECTABLE_CHANGES: Readonly<
  Record<string, { readonly points: number; readonly source: string; readonly checkedOn: string }>
> = {
  nprs: { points: 2, source: 'Childs 2005, doi:10.1097/01.brs.0000164099.92112.29', checkedOn: '2026-11-24' },
  psfs: { points: 2, source: 'Stratford 1995, doi:10.3138/ptc.47.4.258', checkedOn: '2026-11-24' },
  lefs: { points: 9, source: 'Binkley 1999, doi:10.1093/ptj/79.4.371', checkedOn: '2026-11-24' },
}

/** Cases the verdict must reproduce. */
export const CHANGE_CASES = [
  { code: 'lefs', from: 41, to: 49, beyond: false },
  { code: 'lefs', from: 41, to: 50, beyond: true },
  { code: 'nprs', from: 6, to: 4, beyond: true },
  { code: 'nprs', from: 6, to: 5, beyond: false },
  { code: 'psfs', from: 3.3, to: 5.3, beyond: true },
] as const

export interface MeasureWords {
  readonly title: string
  /** Ends a value: 4/10, 110°, 11.2 s. */
  readonly suffix: string
  readonly unit: string
  readonly min: number
  readonly max: number
  readonly better: 'up' | 'down'
  readonly section: 'Subjective' | 'Objective'
}

export const MEASURES: Readonly<Record<string, MeasureWords>> = {
  nprs: { title: 'pain', suffix: '/10', unit: '{score}', min: 0, max: 10, better: 'down', section: 'Subjective' },
  psfs: { title: 'PSFS mean', suffix: '/10', unit: '{score}', min: 0, max: 10, better: 'up', section: 'Subjective' },
  lefs: { title: 'LEFS', suffix: '/80', unit: '{score}', min: 0, max: 80, better: 'up', section: 'Subjective' },
  tug: { title: 'Timed Up and Go', suffix: ' s', unit: 's', min: 0, max: 600, better: 'down', section: 'Objective' },
  'gait-speed': { title: 'gait speed', suffix: ' m/s', unit: 'm/s', min: 0, max: 5, better: 'up', section: 'Objective' },
}

/** Families of codes: `rom.knee-flexion`, `strength.quadriceps`. */
export const MEASURE_FAMILIES: readonly (Omit<MeasureWords, 'title'> & { readonly prefix: string; readonly ending: string })[] = [
  { prefix: 'rom.', ending: '', suffix: '°', unit: 'deg', min: -60, max: 200, better: 'up', section: 'Objective' },
  { prefix: 'strength.', ending: ' strength', suffix: '/5', unit: '{score}', min: 0, max: 5, better: 'up', section: 'Objective' },
]
