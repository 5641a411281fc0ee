import type { LicenseKind, VisitKind } from '@gonio/sdk'

/**
 * Which license a kind of visit needs. An assistant treats under a PT's plan but does not evaluate, re-evaluate or discharge
 * (CMS Pub 100-02 ch. 15 §220, §230.2). State law may be stricter.
 */
export const VISIT_LICENSES: Readonly<
  Record<
    VisitKind,
    { readonly kinds: readonly LicenseKind[]; readonly source: string; readonly effectiveFrom: string; readonly checkedOn: string }
  >
> = {
  evaluation: { kinds: ['PT'], source: 'CMS Pub 100-02 ch. 15 §220', effectiveFrom: '2005-06-06', checkedOn: '2026-11-24' },
  treatment: { kinds: ['PT', 'PTA'], source: 'CMS Pub 100-02 ch. 15 §230.2', effectiveFrom: '2005-06-06', checkedOn: '2026-11-24' },
  're-evaluation': { kinds: ['PT'], source: 'CMS Pub 100-02 ch. 15 §220', effectiveFrom: '2005-06-06', checkedOn: '2026-11-24' },
  discharge: { kinds: ['PT'], source: 'CMS Pub 100-02 ch. 15 §220.3', effectiveFrom: '2005-06-06', checkedOn: '2026-11-24' },
}
