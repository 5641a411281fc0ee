import type { Words } from './question.ts'

/** Fixed texts, written once and approved by the clinic; nothing here is ever generated. 911 comes first. */
export const URGENT: Words = {
  en:
    'Call 911 or go to the nearest emergency room now. One of your answers may be a sign of a problem that can not wait. ' +
    'Do not drive on your own. Our staff has been told. They will try to call you. Do not wait for the call.',
  es:
    'Llame al 911 o vaya ahora a la sala de emergencias más cercana. Una de sus respuestas puede ser señal de un problema que no puede esperar. ' +
    'No maneje por su cuenta. Avisamos a nuestro personal. Tratarán de llamarle. No espere la llamada.',
}

/** 988 Suicide & Crisis Lifeline (988lifeline.org), call or text, English and Spanish (press 2). */
export const URGENT_SELF_HARM: Words = {
  en:
    'If you may hurt yourself now, call 911. You can also call or text 988 at any time, day or night. It is free. ' +
    'You are not alone. Our staff has been told. They will reach out to you. Please do not wait for them.',
  es:
    'Si puede hacerse daño ahora, llame al 911. También puede llamar o enviar un texto al 988 a cualquier hora, de día o de noche. Es gratis. Oprima 2 para español. ' +
    'Usted no está solo. Avisamos a nuestro personal. Se pondrán en contacto con usted. Por favor no los espere.',
}

export const DONE: Words = {
  en: 'Thank you. You are done. We will read your answers and call you to set up your visit. If you get worse, do not wait for us. Call your doctor. In an emergency, call 911.',
  es: 'Gracias. Ya terminó. Leeremos sus respuestas y le llamaremos para hacer su cita. Si empeora, no nos espere. Llame a su médico. En una emergencia, llame al 911.',
}

/** What the page is called in the patient's browser. */
export const LINK_TITLE: Words = { en: 'Before your visit', es: 'Antes de su cita' }

/** What staff read about the outcome of the check. It never says that a patient is free of a danger. */
export const FLAG_WORDING = {
  none: {
    en: 'No flag reported. This does not rule out a serious problem: the therapist still checks at the visit.',
    es: 'No se reportó ninguna alerta. Esto no descarta un problema serio: el terapeuta revisa en la cita.',
  },
  T: { en: 'The therapist reviews this before or at the first visit.', es: 'El terapeuta revisa esto antes o durante la primera cita.' },
  D: {
    en: 'Reach a doctor the same day. Do not treat this region until a physical therapist decides.',
    es: 'Contacte a un médico el mismo día. No trate esta región hasta que un fisioterapeuta decida.',
  },
  E: {
    en: 'Emergency: call 911 or send to the emergency room now. A person at the clinic must call the patient at once.',
    es: 'Emergencia: llame al 911 o envíe a la sala de emergencias ahora. Una persona de la clínica debe llamar al paciente de inmediato.',
  },
  unresolved: {
    en: 'Some questions have no clear answer yet: a person must ask them.',
    es: 'Algunas preguntas aún no tienen respuesta clara: una persona debe hacerlas.',
  },
} as const satisfies Record<string, Words>

/** What the patient reads when an answer can not be used. No text repeats the answer. */
export const ANSWER_PROBLEMS = {
  missing: { en: 'Please answer this question, then press Next.', es: 'Por favor responda esta pregunta y oprima Siguiente.' },
  text: { en: 'Please write your answer in words.', es: 'Por favor escriba su respuesta con palabras.' },
  tooLong: { en: 'That is too long. Please use fewer words.', es: 'Es demasiado largo. Por favor use menos palabras.' },
  date: {
    en: 'Please give a real date: year, month, and day. For example, 1984-05-31.',
    es: 'Por favor dé una fecha real: año, mes y día. Por ejemplo, 1984-05-31.',
  },
  future: { en: 'That day has not come yet. Please check the year.', es: 'Ese día aún no llega. Por favor revise el año.' },
  longAgo: { en: 'That date is too far back. Please check the year.', es: 'Esa fecha es demasiado antigua. Por favor revise el año.' },
  beforeBirth: {
    en: 'That date is before you were born. Please check the year.',
    es: 'Esa fecha es anterior a su nacimiento. Por favor revise el año.',
  },
  phone: {
    en: 'Please give a phone number with ten digits. Start with the area code.',
    es: 'Por favor dé un número de teléfono de diez dígitos. Empiece con el código de área.',
  },
  choice: { en: 'Please pick one of the choices shown.', es: 'Por favor elija una de las opciones.' },
  scale: { en: 'Please pick a whole number from the list.', es: 'Por favor elija un número entero de la lista.' },
  yesNo: { en: 'Please pick yes, no, or not sure.', es: 'Por favor elija sí, no o no estoy seguro.' },
  activities: {
    en: 'Please name one to five things that are hard to do. Give each one a number from 0 to 10.',
    es: 'Por favor nombre de una a cinco cosas que le cuesta hacer. Dé a cada una un número de 0 a 10.',
  },
  unknownQuestion: {
    en: 'This question is not part of your form. Please load the page again.',
    es: 'Esta pregunta no es parte de su formulario. Por favor cargue la página otra vez.',
  },
  notYet: { en: 'Please answer the questions one by one.', es: 'Por favor responda las preguntas una por una.' },
  noInterview: {
    en: 'This link does not work any more. Please ask the front desk for a new one.',
    es: 'Este enlace ya no funciona. Por favor pida uno nuevo en la recepción.',
  },
} as const satisfies Record<string, Words>

export type AnswerProblem = keyof typeof ANSWER_PROBLEMS
