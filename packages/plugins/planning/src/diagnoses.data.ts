/** Favorite ICD-10-CM codes of outpatient PT: billable leaves, short titles in our own words. The clinic's full code file is not shipped. */
export const DIAGNOSES_SOURCE = {
  source: 'ICD-10-CM (NCHS/CMS public files)',
  effectiveFrom: '2024-10-01',
  checkedOn: '2026-11-24',
} as const

export const FAVORITE_DIAGNOSES: Readonly<Record<string, string>> = {
  'M54.50': 'Low back pain, unspecified',
  'M54.51': 'Vertebrogenic low back pain',
  'M54.59': 'Other low back pain',
  'M54.41': 'Low back pain with sciatica, right',
  'M54.42': 'Low back pain with sciatica, left',
  'M54.16': 'Radiculopathy, lumbar',
  'M48.061': 'Lumbar stenosis without neurogenic claudication',
  'M48.062': 'Lumbar stenosis with neurogenic claudication',
  'M54.2': 'Neck pain',
  'M54.12': 'Radiculopathy, cervical',
  'M25.511': 'Pain in right shoulder',
  'M25.512': 'Pain in left shoulder',
  'M75.01': 'Adhesive capsulitis, right shoulder',
  'M75.02': 'Adhesive capsulitis, left shoulder',
  'M77.11': 'Lateral epicondylitis, right elbow',
  'M77.12': 'Lateral epicondylitis, left elbow',
  'M25.551': 'Pain in right hip',
  'M25.552': 'Pain in left hip',
  'M25.561': 'Pain in right knee',
  'M25.562': 'Pain in left knee',
  'M25.661': 'Stiffness of right knee',
  'M25.662': 'Stiffness of left knee',
  'M17.11': 'Primary osteoarthritis, right knee',
  'M17.12': 'Primary osteoarthritis, left knee',
  'Z47.1': 'Aftercare following joint replacement',
  'Z96.651': 'Artificial right knee joint',
  'Z96.652': 'Artificial left knee joint',
  'Z96.653': 'Artificial knee joints, both',
  'M25.571': 'Pain in right ankle',
  'M25.572': 'Pain in left ankle',
  'M72.2': 'Plantar fasciitis',
  'M62.81': 'Muscle weakness, generalized',
  'R26.2': 'Difficulty walking',
  'R26.89': 'Other abnormality of gait',
  'Z91.81': 'History of falling',
}

/** Codes that were billable once and are now headings, with the first day they no longer count. */
export const RETIRED_DIAGNOSES: Readonly<Record<string, { readonly from: string; readonly instead: readonly string[] }>> = {
  'M54.5': { from: '2021-10-01', instead: ['M54.50', 'M54.51', 'M54.59'] },
  'M51.36': { from: '2024-10-01', instead: ['M51.360', 'M51.361', 'M51.362', 'M51.369'] },
  'M51.37': { from: '2024-10-01', instead: ['M51.370', 'M51.371', 'M51.372', 'M51.379'] },
}
