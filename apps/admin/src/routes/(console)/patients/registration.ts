import type { Registration } from '#lib/api-types.ts'

/** The register form: every field as typed text, turned into the API's shape when it is complete. */
export interface RegistrationForm {
  givenName: string
  familyName: string
  birthDate: string
  sex: Registration['sex']
  phone: string
  email: string
  language: 'en' | 'es'
  bodyRegion: Registration['bodyRegion']
  side: Registration['side']
  referredBy: string
  payerName: string
  memberId: string
}

export function blankRegistration(): RegistrationForm {
  return {
    givenName: '',
    familyName: '',
    birthDate: '',
    sex: 'unknown',
    phone: '',
    email: '',
    language: 'en',
    bodyRegion: 'lumbar-spine',
    side: 'none',
    referredBy: '',
    payerName: '',
    memberId: '',
  }
}

export function checkRegistration(form: RegistrationForm): Partial<Record<keyof RegistrationForm, string>> {
  const errors: Partial<Record<keyof RegistrationForm, string>> = {}
  if (form.givenName.trim() === '') errors.givenName = 'Enter the given name.'
  if (form.familyName.trim() === '') errors.familyName = 'Enter the family name.'
  if (!/^\d{4}-\d{2}-\d{2}$/.test(form.birthDate)) errors.birthDate = 'Enter the birth date.'
  if (form.phone.trim() === '' && form.email.trim() === '') errors.phone = 'Enter a phone number or an email.'
  if (form.email.trim() !== '' && !/^\S+@\S+\.\S+$/.test(form.email.trim())) errors.email = 'This is not an email address yet.'
  if (form.payerName.trim() !== '' && form.memberId.trim() === '')
    errors.memberId = 'Enter the member id from the card, or leave the payer empty.'
  return errors
}

export function toRegistration(form: RegistrationForm): Registration {
  const payerName = form.payerName.trim()
  return {
    givenName: form.givenName.trim(),
    familyName: form.familyName.trim(),
    birthDate: form.birthDate,
    sex: form.sex,
    phone: form.phone.trim() || null,
    email: form.email.trim() || null,
    language: form.language,
    bodyRegion: form.bodyRegion,
    side: form.side,
    ...(form.referredBy.trim() === '' ? {} : { referredBy: form.referredBy.trim() }),
    ...(payerName === ''
      ? {}
      : {
          payerName,
          payerId: payerName
            .toLowerCase()
            .replace(/[^a-z0-9]+/g, '-')
            .replace(/^-|-$/g, ''),
          memberId: form.memberId.trim(),
        }),
  }
}
