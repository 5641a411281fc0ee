import type { BodyRegion } from '@gonio/sdk'

import type { Condition } from './condition.ts'
import type { Words } from './question.ts'

export interface RedFlagItem {
  /** Stable: stored with answers and used by callers of `intake.check-red-flags`. Never reused for another meaning. */
  readonly id: string
  readonly text: Words
  readonly hint?: Words
  /** Regions where the interview asks it; `all`, or none: then only staff, a derived answer or the patient's own words can bring it up. */
  readonly regions: readonly BodyRegion[] | 'all'
  /** Asked only when this holds as well. */
  readonly when?: Condition
}

const SPINE = ['lumbar-spine', 'thoracic-spine', 'cervical-spine'] as const
const BACK = ['lumbar-spine', 'thoracic-spine', 'hip'] as const
const LEG = ['hip', 'knee', 'ankle-foot'] as const
const LEG_SIGN: Condition = { any: [{ item: 'calf-swelling-over-3cm' }, { item: 'calf-tenderness' }, { item: 'whole-leg-swelling' }] }
const MAYBE_LEG_SIGN: Condition = { any: [LEG_SIGN, { item: 'recent-surgery-12-weeks' }] }

/** Order is the order of asking: what can not wait comes first. */
export const RED_FLAG_ITEMS: readonly RedFlagItem[] = [
  {
    id: 'chest-pain',
    regions: 'all',
    text: {
      en: 'Do you have pain or pressure in your chest, jaw, or left arm? Do you sweat or feel sick with it?',
      es: '¿Tiene dolor o presión en el pecho, la mandíbula o el brazo izquierdo? ¿Suda o siente náuseas con eso?',
    },
  },
  {
    id: 'shortness-of-breath',
    regions: 'all',
    text: { en: 'Is it hard for you to breathe, and is this new?', es: '¿Le cuesta respirar y esto es nuevo?' },
  },
  {
    id: 'saddle-numbness',
    regions: BACK,
    text: {
      en: 'Is it numb where you would sit on a saddle? Does it feel numb when you wipe?',
      es: '¿Siente dormida la zona entre las piernas? ¿La siente dormida al limpiarse?',
    },
    hint: { en: 'We ask all people with back or leg pain.', es: 'Lo preguntamos a toda persona con dolor de espalda o de pierna.' },
  },
  {
    id: 'bladder-change',
    regions: BACK,
    text: {
      en: 'Is it new that you leak pee, can not start to pee, or do not feel it pass?',
      es: '¿Es nuevo que se le escape la orina, que no pueda empezar a orinar o que no la sienta salir?',
    },
  },
  {
    id: 'bowel-change',
    regions: BACK,
    text: {
      en: 'Is it new that you can not hold your stool, or do not feel it pass?',
      es: '¿Es nuevo que no pueda aguantar las ganas de evacuar o que no lo sienta?',
    },
  },
  {
    id: 'bilateral-leg-symptoms',
    regions: BACK,
    text: { en: 'Do both of your legs hurt, or feel weak or numb?', es: '¿Le duelen las dos piernas, o las siente débiles o dormidas?' },
  },
  {
    id: 'sexual-dysfunction',
    regions: BACK,
    text: {
      en: 'Is there a new change in how sex feels or works for you?',
      es: '¿Hay un cambio nuevo en lo que siente o cómo funciona al tener sexo?',
    },
    hint: {
      en: 'The same nerves go there and to your back. You may say not sure.',
      es: 'Los mismos nervios van ahí y a su espalda. Puede decir no estoy seguro.',
    },
  },
  {
    id: 'progressive-leg-weakness',
    regions: BACK,
    text: { en: 'Does a leg or foot get weaker from day to day?', es: '¿Se le pone más débil una pierna o un pie de un día a otro?' },
  },
  {
    id: 'new-limb-weakness',
    regions: SPINE,
    text: {
      en: 'Do you have a weak arm, hand, leg, or foot that is new?',
      es: '¿Tiene débil un brazo, una mano, una pierna o un pie, y es algo nuevo?',
    },
  },
  {
    id: 'worst-neck-or-head-pain',
    regions: ['cervical-spine'],
    text: {
      en: 'Did a very bad pain in your neck or head start all at once? Is it not like any you had before?',
      es: '¿Empezó de repente un dolor muy fuerte de cuello o cabeza? ¿Es distinto a todo lo anterior?',
    },
  },
  {
    id: 'brain-signs',
    regions: ['cervical-spine', 'balance'],
    text: {
      en: 'Do you see double, slur your words, drop to the floor, or have a numb or droopy face?',
      es: '¿Ve doble, habla mal, se cae de repente o tiene la cara dormida o caída?',
    },
  },
  {
    id: 'sudden-vision-loss',
    regions: ['cervical-spine', 'balance'],
    text: { en: 'Did you lose sight in one or both eyes, all at once?', es: '¿Perdió la vista de repente en uno o los dos ojos?' },
  },
  {
    id: 'new-temple-headache',
    regions: ['cervical-spine'],
    when: { ageOver: 50 },
    text: {
      en: 'Do you have a new pain at the side of your head, or a sore jaw when you chew?',
      es: '¿Tiene un dolor nuevo a un lado de la cabeza, o le duele la mandíbula al masticar?',
    },
  },
  {
    id: 'hand-clumsiness',
    regions: ['cervical-spine', 'thoracic-spine', 'wrist-hand'],
    text: {
      en: 'Are your hands more clumsy than before? For example, with buttons or keys?',
      es: '¿Tiene las manos más torpes que antes? ¿Por ejemplo, con botones o llaves?',
    },
  },
  {
    id: 'gait-clumsiness',
    regions: ['cervical-spine', 'thoracic-spine', 'balance'],
    text: {
      en: 'Is it new that your walk is not steady, or that your legs feel stiff?',
      es: '¿Es nuevo que camine sin firmeza o que sienta las piernas rígidas?',
    },
  },
  {
    id: 'neck-trauma-48h',
    regions: ['cervical-spine'],
    text: {
      en: 'Did you hurt your neck in a fall or a crash in the last two days?',
      es: '¿Se lastimó el cuello en una caída o un choque en los últimos dos días?',
    },
  },
  {
    id: 'dangerous-mechanism',
    regions: ['cervical-spine'],
    when: { item: 'neck-trauma-48h' },
    text: {
      en: 'Was it a fall from high up, a dive, a bike crash, or a fast car crash?',
      es: '¿Fue una caída de altura, un clavado, un choque en bicicleta o un choque a alta velocidad?',
    },
  },
  {
    id: 'limb-tingling',
    regions: ['cervical-spine'],
    when: { item: 'neck-trauma-48h' },
    text: {
      en: 'Do your arms or legs tingle or feel numb since then?',
      es: '¿Siente hormigueo o adormecimiento en brazos o piernas desde entonces?',
    },
  },
  {
    id: 'simple-rear-end',
    regions: ['cervical-spine'],
    when: { item: 'neck-trauma-48h' },
    text: { en: 'Was it a slow car crash where you were hit from the back?', es: '¿Fue un choque lento en que le pegaron por detrás?' },
  },
  {
    id: 'walked-since-injury',
    regions: ['cervical-spine'],
    when: { item: 'neck-trauma-48h' },
    text: { en: 'Have you been able to walk since then?', es: '¿Ha podido caminar desde entonces?' },
  },
  {
    id: 'delayed-neck-pain',
    regions: ['cervical-spine'],
    when: { item: 'neck-trauma-48h' },
    text: { en: 'Did the pain start some time after, and not right away?', es: '¿El dolor empezó un tiempo después y no de inmediato?' },
  },
  {
    id: 'can-rotate-neck-45',
    regions: ['cervical-spine'],
    when: { item: 'neck-trauma-48h' },
    text: { en: 'Can you turn your head half way to each side?', es: '¿Puede girar la cabeza hasta la mitad hacia cada lado?' },
  },
  {
    id: 'sitting-in-ed',
    regions: [],
    text: { en: 'Was the patient sitting up when first seen?', es: '¿Estaba sentado el paciente cuando lo vieron?' },
  },
  {
    id: 'no-midline-tenderness',
    regions: [],
    text: { en: 'Is the middle of the neck free of pain when pressed?', es: '¿El centro del cuello no duele al presionarlo?' },
  },
  {
    id: 'pulsing-belly-mass',
    regions: ['lumbar-spine'],
    when: { ageOver: 59 },
    text: {
      en: 'Do you feel a lump that beats like a heart in your belly?',
      es: '¿Siente en el vientre un bulto que late como un corazón?',
    },
  },
  {
    id: 'collapse',
    regions: ['lumbar-spine', 'balance'],
    text: { en: 'Did you pass out in the last days?', es: '¿Se desmayó en los últimos días?' },
  },
  {
    id: 'fever-or-chills',
    regions: 'all',
    text: { en: 'Do you have a fever, chills, or night sweats?', es: '¿Tiene fiebre, escalofríos o sudores de noche?' },
  },
  { id: 'history-of-cancer', regions: 'all', text: { en: 'Have you ever had cancer?', es: '¿Ha tenido cáncer alguna vez?' } },
  {
    id: 'night-pain',
    regions: SPINE,
    text: { en: 'Does the pain wake you at night, or hurt when you rest?', es: '¿El dolor le despierta de noche o le duele en reposo?' },
  },
  {
    id: 'unexplained-weight-loss',
    regions: SPINE,
    text: { en: 'Did you lose ten pounds or more and do not know why?', es: '¿Bajó diez libras o más sin saber por qué?' },
  },
  {
    id: 'weak-immune-system',
    regions: SPINE,
    text: {
      en: 'Is your body less able to fight germs? Some drugs or HIV can do this.',
      es: '¿Su cuerpo tiene menos defensas? Algunas medicinas o el VIH lo causan.',
    },
  },
  {
    id: 'recent-infection-or-procedure',
    regions: SPINE,
    text: {
      en: 'In the last weeks, were you sick with an infection? Or did you have a shot or surgery in your back?',
      es: 'En las últimas semanas, ¿tuvo una infección? ¿O una inyección o cirugía en la espalda?',
    },
  },
  {
    id: 'iv-drug-use',
    regions: SPINE,
    text: { en: 'Have you used street drugs with a needle?', es: '¿Ha usado drogas de la calle con aguja?' },
  },
  {
    id: 'major-trauma',
    regions: SPINE,
    text: { en: 'Did it start with a big crash or a fall from high up?', es: '¿Empezó con un choque fuerte o una caída de altura?' },
  },
  {
    id: 'minor-trauma',
    regions: SPINE,
    text: { en: 'Did it start with a small fall, a bump, or a lift?', es: '¿Empezó con una caída pequeña, un golpe o al levantar algo?' },
  },
  {
    id: 'osteoporosis',
    regions: SPINE,
    text: { en: 'Has a doctor said you have thin or weak bones?', es: '¿Le ha dicho un médico que tiene huesos débiles?' },
  },
  {
    id: 'prior-fragility-fracture',
    regions: SPINE,
    text: { en: 'Have you broken a bone in a small fall?', es: '¿Se ha roto un hueso en una caída pequeña?' },
  },
  {
    id: 'long-steroid-use',
    regions: SPINE,
    text: { en: 'Have you taken steroid pills for three months or more?', es: '¿Ha tomado pastillas de esteroides por tres meses o más?' },
  },
  {
    id: 'recent-surgery-12-weeks',
    regions: LEG,
    text: { en: 'Did you have a big surgery in the last 12 weeks?', es: '¿Tuvo una cirugía grande en las últimas 12 semanas?' },
  },
  {
    id: 'calf-swelling-over-3cm',
    regions: LEG,
    text: { en: 'Is one calf much more swollen than the other?', es: '¿Tiene una pantorrilla mucho más hinchada que la otra?' },
    hint: {
      en: 'The calf is the back of your lower leg. More than one inch around counts.',
      es: 'La pantorrilla es la parte de atrás de la pierna. Cuenta si es más de una pulgada alrededor.',
    },
  },
  {
    id: 'calf-tenderness',
    regions: LEG,
    text: {
      en: 'Does your calf or inner thigh hurt when you press on it?',
      es: '¿Le duele la pantorrilla o la parte interna del muslo al presionar?',
    },
  },
  {
    id: 'whole-leg-swelling',
    regions: LEG,
    when: MAYBE_LEG_SIGN,
    text: { en: 'Is your whole leg swollen?', es: '¿Tiene hinchada toda la pierna?' },
  },
  {
    id: 'pitting-edema',
    regions: LEG,
    when: MAYBE_LEG_SIGN,
    text: { en: 'When you press on that leg, does a dent stay for a while?', es: 'Cuando presiona esa pierna, ¿queda la marca un rato?' },
  },
  {
    id: 'surface-veins',
    regions: LEG,
    when: LEG_SIGN,
    text: { en: 'Can you see new veins on the skin of that leg?', es: '¿Se ven venas nuevas en la piel de esa pierna?' },
  },
  {
    id: 'prior-dvt',
    regions: LEG,
    when: MAYBE_LEG_SIGN,
    text: { en: 'Have you ever had a blood clot in a leg or lung?', es: '¿Ha tenido un coágulo en la pierna o el pulmón?' },
  },
  {
    id: 'active-cancer-6-months',
    regions: LEG,
    when: MAYBE_LEG_SIGN,
    text: { en: 'Have you had care for cancer in the last six months?', es: '¿Recibió tratamiento de cáncer en los últimos seis meses?' },
  },
  {
    id: 'bedridden-3-days',
    regions: LEG,
    when: LEG_SIGN,
    text: { en: 'Were you in bed for three days or more?', es: '¿Estuvo en cama tres días o más?' },
  },
  {
    id: 'leg-cast-or-paralysis',
    regions: LEG,
    when: LEG_SIGN,
    text: { en: 'Is the leg in a cast, or can you not move it?', es: '¿Tiene la pierna enyesada o no la puede mover?' },
  },
  { id: 'coughing-blood', regions: LEG, when: LEG_SIGN, text: { en: 'Have you coughed up blood?', es: '¿Ha tosido sangre?' } },
  {
    id: 'alternative-diagnosis-likely',
    regions: [],
    text: { en: 'Is some other cause at least as likely as a clot?', es: '¿Es otra causa al menos tan probable como un coágulo?' },
  },
  {
    id: 'hot-swollen-joint',
    regions: ['shoulder', 'elbow', 'wrist-hand', 'hip', 'knee', 'ankle-foot'],
    text: { en: 'Is the joint hot, red, and swollen?', es: '¿Tiene la articulación caliente, roja e hinchada?' },
  },
  {
    id: 'joint-surgery-or-shot',
    regions: ['shoulder', 'elbow', 'wrist-hand', 'hip', 'knee', 'ankle-foot'],
    when: { item: 'hot-swollen-joint' },
    text: {
      en: 'Did this joint have surgery or a shot in the last weeks?',
      es: '¿Tuvo cirugía o una inyección en esa articulación en las últimas semanas?',
    },
  },
  {
    id: 'wound-problem',
    regions: LEG,
    when: { item: 'recent-surgery-12-weeks' },
    text: { en: 'Is your cut from surgery open, or does it ooze?', es: '¿La herida de la cirugía está abierta o le sale pus?' },
  },
  {
    id: 'severe-tight-limb',
    regions: ['elbow', 'wrist-hand', 'knee', 'ankle-foot'],
    text: {
      en: 'Is the limb hard and tight, numb or pale, with pain that is very bad?',
      es: '¿Tiene el brazo o la pierna duro y tenso, dormido o pálido, con un dolor muy fuerte?',
    },
  },
  {
    id: 'deformity-or-open-wound',
    regions: ['shoulder', 'elbow', 'wrist-hand', 'hip', 'knee', 'ankle-foot'],
    text: { en: 'Does it look out of place, or can you see bone?', es: '¿Se ve fuera de lugar o se ve el hueso?' },
  },
  {
    id: 'recent-injury',
    regions: ['knee', 'ankle-foot'],
    text: { en: 'Did you hurt it in the last two weeks?', es: '¿Se lastimó ahí en las últimas dos semanas?' },
  },
  {
    id: 'cannot-walk-4-steps',
    regions: ['knee', 'ankle-foot'],
    when: { item: 'recent-injury' },
    text: {
      en: 'Were you not able to take four steps, both right then and now?',
      es: '¿No pudo dar cuatro pasos, ni en ese momento ni ahora?',
    },
  },
  {
    id: 'ankle-bone-tenderness',
    regions: ['ankle-foot'],
    when: { item: 'recent-injury' },
    text: {
      en: 'Does it hurt when you press on the ankle bone or the side of your foot?',
      es: '¿Le duele al presionar el hueso del tobillo o el lado del pie?',
    },
  },
  {
    id: 'cannot-bend-knee-90',
    regions: ['knee'],
    when: { item: 'recent-injury' },
    text: {
      en: 'Are you not able to bend your knee as when you sit in a chair?',
      es: '¿No puede doblar la rodilla como al sentarse en una silla?',
    },
  },
  {
    id: 'knee-bone-tenderness',
    regions: ['knee'],
    when: { item: 'recent-injury' },
    text: {
      en: 'Does it hurt to press on your knee cap or on the outer side just below it?',
      es: '¿Le duele al presionar la rótula o el lado de afuera justo debajo?',
    },
  },
  {
    id: 'pop-and-cannot-push-off',
    regions: ['ankle-foot'],
    when: { item: 'recent-injury' },
    text: { en: 'Did you feel a pop, and now can not rise up on your toes?', es: '¿Sintió un tronido y ahora no puede pararse de puntas?' },
  },
  { id: 'self-harm-thoughts', regions: [], text: { en: 'Do you have thoughts of hurting yourself?', es: '¿Piensa en hacerse daño?' } },
  {
    id: 'not-safe-at-home',
    regions: [],
    text: { en: 'Does someone hurt you or make you feel afraid?', es: '¿Alguien le hace daño o le da miedo?' },
  },
]

const KNOWN = new Map(RED_FLAG_ITEMS.map((item) => [item.id, item]))

export function findItem(id: string): RedFlagItem | undefined {
  return KNOWN.get(id)
}
