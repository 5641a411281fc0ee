import type { QuestionData } from './question.ts'

const region = (value: string, en: string, es: string) => ({ value, label: { en, es } })

/** Asked before the red-flag items. Own wording; voice friendly; one question a step. Version 1, checked 2026-11-24. */
export const OPENING: readonly QuestionData[] = [
  { id: 'given-name', kind: 'text', when: { newPatient: true }, text: { en: 'What is your first name?', es: '¿Cuál es su nombre?' } },
  { id: 'family-name', kind: 'text', when: { newPatient: true }, text: { en: 'What is your last name?', es: '¿Cuál es su apellido?' } },
  {
    id: 'birth-date',
    kind: 'date',
    when: { newPatient: true },
    text: { en: 'When were you born?', es: '¿Cuándo nació?' },
    hint: { en: 'Year, month, and day.', es: 'Año, mes y día.' },
  },
  {
    id: 'phone',
    kind: 'phone',
    when: { newPatient: true },
    text: { en: 'What phone number can we call you at?', es: '¿A qué número de teléfono le podemos llamar?' },
    hint: { en: 'Ten digits. Start with the area code.', es: 'Diez dígitos. Empiece con el código de área.' },
  },
  {
    id: 'body-region',
    kind: 'choice',
    when: { regionUnknown: true },
    text: { en: 'Where is the main problem?', es: '¿Dónde está el problema principal?' },
    options: [
      region('lumbar-spine', 'Low back', 'Espalda baja'),
      region('thoracic-spine', 'Mid back', 'Mitad de la espalda'),
      region('cervical-spine', 'Neck', 'Cuello'),
      region('shoulder', 'Shoulder', 'Hombro'),
      region('elbow', 'Elbow', 'Codo'),
      region('wrist-hand', 'Wrist or hand', 'Muñeca o mano'),
      region('hip', 'Hip', 'Cadera'),
      region('knee', 'Knee', 'Rodilla'),
      region('ankle-foot', 'Ankle or foot', 'Tobillo o pie'),
      region('balance', 'Balance', 'Equilibrio'),
      region('other', 'Some other place', 'Otro lugar'),
    ],
  },
  {
    id: 'side',
    kind: 'choice',
    text: { en: 'Which side is it on?', es: '¿De qué lado está?' },
    options: [
      region('left', 'Left', 'Izquierdo'),
      region('right', 'Right', 'Derecho'),
      region('bilateral', 'Both sides', 'Los dos lados'),
      region('none', 'In the middle', 'En el centro'),
    ],
  },
  {
    id: 'onset-kind',
    kind: 'choice',
    text: { en: 'How did it start?', es: '¿Cómo empezó?' },
    options: [
      region('injury', 'I got hurt', 'Me lastimé'),
      region('surgery', 'I had surgery', 'Tuve una cirugía'),
      region('slowly', 'It came on slowly', 'Empezó poco a poco'),
      region('unknown', 'I do not know', 'No sé'),
    ],
  },
  {
    id: 'onset-date',
    kind: 'date',
    optional: true,
    text: { en: 'When did it start? A good guess is fine.', es: '¿Cuándo empezó? Puede ser una fecha aproximada.' },
  },
  {
    id: 'surgery-date',
    kind: 'date',
    optional: true,
    when: { answer: 'onset-kind', in: ['surgery'] },
    text: { en: 'What day was your surgery?', es: '¿Qué día fue su cirugía?' },
  },
  {
    id: 'story',
    kind: 'text',
    max: 2_000,
    text: { en: 'In your own words, what is wrong? How did it begin?', es: 'En sus palabras, ¿qué le pasa? ¿Cómo empezó?' },
    hint: { en: 'You can type or talk.', es: 'Puede escribir o hablar.' },
  },
]

/** Asked after the red-flag items. */
export const CLOSING: readonly QuestionData[] = [
  {
    id: 'pain-now',
    kind: 'scale',
    min: 0,
    max: 10,
    text: { en: 'How bad is your pain now, from 0 to 10?', es: '¿Qué tan fuerte es su dolor ahora, de 0 a 10?' },
    hint: { en: '0 is no pain. 10 is the worst pain you can think of.', es: '0 es sin dolor. 10 es el peor dolor que pueda imaginar.' },
  },
  {
    id: 'activities',
    kind: 'activities',
    min: 0,
    max: 10,
    text: {
      en: 'Name three things that are hard to do now. How well can you do each one?',
      es: 'Diga tres cosas que ahora le cuesta hacer. ¿Qué tan bien puede hacer cada una?',
    },
    hint: {
      en: 'For each one, pick 0 to 10. 0: you can not do it. 10: you can do it as well as before.',
      es: 'Para cada una elija de 0 a 10. 0: no puede hacerla. 10: la hace tan bien como antes.',
    },
  },
  {
    id: 'payer-name',
    kind: 'text',
    optional: true,
    when: { insurance: true },
    text: { en: 'Who is your health plan with?', es: '¿Con quién es su seguro médico?' },
    hint: { en: 'Look at the front of your card. You can skip this.', es: 'Mire el frente de su tarjeta. Puede omitir esta pregunta.' },
  },
  {
    id: 'member-id',
    kind: 'text',
    optional: true,
    max: 40,
    when: { all: [{ insurance: true }, { answered: 'payer-name' }] },
    text: { en: 'What is the member number on your card?', es: '¿Cuál es el número de miembro en su tarjeta?' },
    hint: { en: 'You can skip this and bring the card.', es: 'Puede omitir esto y traer la tarjeta.' },
  },
]
