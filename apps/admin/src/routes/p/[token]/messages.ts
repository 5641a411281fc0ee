/** Every fixed text a patient reads, in both languages; one table, so that a missing translation does not compile. */
export type Language = 'en' | 'es'

const TEXTS = {
  en: {
    language: 'Language', next: 'Next', back: 'Back', skip: 'Skip this question', saving: 'Saving…', question: 'Question', of: 'of', choose: 'Choose one answer.',
    yes: 'Yes', no: 'No', unsure: 'I am not sure', listen: 'Read to me', stopListening: 'Stop reading', month: 'Month', day: 'Day', year: 'Year', activity: 'Thing', activityHint: 'For example: climb stairs',
    howWell: 'How well can you do it?', low: 'Can not do it', high: 'As well as before', painLow: 'No pain', painHigh: 'Worst pain', addActivity: 'Add one more',
    call911: 'Call 911', call988: 'Call 988', urgentTitle: 'Please get help now', doneTitle: 'Thank you', closeTab: 'You can close this page now.', saved: 'Your answers are saved after each step.',
    private: 'Your answers go only to your clinic.', gone: 'This link does not work any more', goneHint: 'It may be used up or too old. Please call the clinic and ask for a new link.',
    offline: 'We can not reach the clinic. Your last answer is not saved yet. Check your internet and press Next again.', unknown: 'This page can not show the next step. Please call the clinic.',
    needAnswer: 'Please answer this question, then press Next.', again: 'Try again', urgentLabel: 'Urgent',
  },
  es: {
    language: 'Idioma', next: 'Siguiente', back: 'Atrás', skip: 'Omitir esta pregunta', saving: 'Guardando…', question: 'Pregunta', of: 'de', choose: 'Elija una respuesta.',
    yes: 'Sí', no: 'No', unsure: 'No estoy seguro', listen: 'Leer en voz alta', stopListening: 'Dejar de leer', month: 'Mes', day: 'Día', year: 'Año', activity: 'Actividad', activityHint: 'Por ejemplo: subir escaleras',
    howWell: '¿Qué tan bien puede hacerlo?', low: 'No puedo hacerlo', high: 'Igual que antes', painLow: 'Sin dolor', painHigh: 'El peor dolor', addActivity: 'Agregar otra',
    call911: 'Llamar al 911', call988: 'Llamar al 988', urgentTitle: 'Busque ayuda ahora', doneTitle: 'Gracias', closeTab: 'Ya puede cerrar esta página.', saved: 'Sus respuestas se guardan en cada paso.',
    private: 'Sus respuestas van solo a su clínica.', gone: 'Este enlace ya no funciona', goneHint: 'Puede que ya se haya usado o que sea muy antiguo. Llame a la clínica y pida un enlace nuevo.',
    offline: 'No podemos conectar con la clínica. Su última respuesta aún no se guardó. Revise su internet y oprima Siguiente otra vez.', unknown: 'Esta página no puede mostrar el siguiente paso. Por favor llame a la clínica.',
    needAnswer: 'Por favor responda esta pregunta y oprima Siguiente.', again: 'Intentar otra vez', urgentLabel: 'Urgente',
  },
} as const satisfies Record<Language, Record<string, string>>

export type MessageKey = keyof (typeof TEXTS)['en']

export function say(language: Language, key: MessageKey): string {
  return TEXTS[language][key]
}
