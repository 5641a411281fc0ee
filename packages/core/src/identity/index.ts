/**
 * identity: organizations, staff with roles and licenses, sign-in and sessions, rights, and the one-time links of patients.
 * It never trusts a caller's word for who it is, and stores no token or password that could be used again.
 * The API and http call it for every request; plugins' unit of work for links.
 */
export { addressOf } from './attempts.ts'
export type { AttemptRule } from './attempts.ts'
export { endedSessionCookie, sessionCookie, tokenFromCookie } from './cookie.ts'
export { closeLink, createLink, linkToken, markLinkUsed, openLink } from './link.ts'
export type { Cause, LinkKey, LinkViewer, NewLink } from './link.ts'
export { createOrganization } from './organization.ts'
export type { CreatedOrganization, NewOrganization } from './organization.ts'
export { authorize, hasValidLicense, rightsOf } from './rights.ts'
export type { Viewer, ViewerLicense } from './rights.ts'
export { forgetOldSignIns, signOut, viewerOf } from './session.ts'
export type { SessionDeps, SessionRule } from './session.ts'
export { signIn } from './sign-in.ts'
export { staffViewer } from './staff-viewer.ts'
export type { Credentials, SignInDeps, SignInLimits } from './sign-in.ts'
export { createStaff, deactivateStaff, reactivateStaff, readStaff, setPassword, unlockStaff } from './staff.ts'
export type { Actor, NewStaff, StaffRecord } from './staff.ts'
