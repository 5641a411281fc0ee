import { describe, expect, it } from 'vitest'

import { readFreeText } from './free-text.ts'

const items = (text: string): readonly string[] =>
  readFreeText(text)
    .map((hit) => hit.item)
    .toSorted()

describe('free text that reports a symptom', () => {
  const cases: readonly [text: string, ...found: string[]][] = [
    ['I am numb when I wipe', 'saddle-numbness'],
    ["It's numb when wiping", 'saddle-numbness'],
    ["I can't feel anything when I wipe", 'saddle-numbness'],
    ['my groin is numb', 'saddle-numbness'],
    ['numbness between my legs', 'saddle-numbness'],
    ['I can no longer control my bladder', 'bladder-change'],
    ['I cannot pee', 'bladder-change'],
    ['lost control of my bladder', 'bladder-change'],
    ['No numbness but my leg is weak', 'new-limb-weakness'],
    ['no numbness, my leg is weak', 'new-limb-weakness'],
    ['no numbness and my leg is weak', 'new-limb-weakness'],
    ['No pain today. I leak urine', 'bladder-change'],
    ['I did not sleep because my groin is numb', 'saddle-numbness'],
    ['could not walk and leaked urine', 'bladder-change'],
    ['no relief from the chest pain', 'chest-pain'],
    ['not only fever', 'fever-or-chills'],
    ['not sure if I have fever', 'fever-or-chills'],
    ['denies fever but reports chest pain', 'chest-pain'],
    ['tengo la entrepierna dormida', 'saddle-numbness'],
    ['No puedo orinar', 'bladder-change'],
    ['no tengo fiebre, pero se me sale la orina', 'bladder-change'],
    ['no puedo caminar y se me sale la orina', 'bladder-change'],
    ['Me duele el pecho', 'chest-pain'],
    ['I want to kill myself', 'self-harm-thoughts'],
    ['My legs are both numb and weak', 'bilateral-leg-symptoms'],
    ['I have not been able to pee since last night', 'bladder-change'],
    ['no control over my bladder', 'bladder-change'],
    ["there's no sensation in my saddle area", 'saddle-numbness'],
    ['I never had this before: numbness in my groin', 'saddle-numbness'],
    ['I have numbness/tingling in my groin', 'saddle-numbness'],
    ['No pain in the knee, the calf is swollen', 'calf-swelling-over-3cm'],
    ['pain in back, no fever, bladder leaks', 'bladder-change'],
    ["I don't know why but I can't control my bladder", 'bladder-change'],
    ['no siento nada cuando me limpio', 'saddle-numbness'],
    ['No tengo dolor pero no siento cuando orino', 'bladder-change'],
    ['se me duermen las partes íntimas', 'saddle-numbness'],
    ['me falta el aire', 'shortness-of-breath'],
    ["I don't want to live anymore", 'self-harm-thoughts'],
    ['ya no quiero vivir', 'self-harm-thoughts'],
    ['no improvement in my fever', 'fever-or-chills'],
    ['I have had fever and chest pain', 'chest-pain', 'fever-or-chills'],
  ]
  it.each(cases)('%s', (text, ...found) => expect(items(text)).toEqual(found))
})

describe('free text that negates a symptom', () => {
  it.each([
    'no bladder problems',
    'No bladder or bowel problems.',
    'no saddle numbness',
    'Denies saddle numbness, bladder problems, or bowel changes',
    'without fever',
    'I no longer have fever',
    'I do not have chest pain any more',
    'I had chest pain but not any more',
    "I don't have fever, chills, or night sweats",
    'never had cancer',
    'bladder problems: no',
    'chest pain - none',
    'I have not noticed any numbness when wiping',
    'neither fever nor chills',
    'negative for fever',
    'no tengo problemas de vejiga',
    'sin fiebre',
    'Niega fiebre, escalofríos o dolor de pecho',
    'nunca he tenido cáncer',
    'ya no tengo fiebre',
    'ni fiebre ni escalofríos',
    'my groin is not numb',
    'My groin does not feel numb',
    'my legs are not weak',
    'no bladder problems, no bowel problems, no numbness in my groin',
    'No signs of fever',
    'no history of cancer',
    'no loss of bladder control',
    'I have never lost control of my bladder',
    'No me duele el pecho',
    'no se me sale la orina',
    'I am not suicidal',
    'Fever? No.',
    'denies fever, chills, chest pain',
    'sin problemas de vejiga ni adormecimiento en la entrepierna',
    'ya no tengo adormecimiento en la entrepierna',
    'My bladder and bowels are fine',
    'I can control my bladder',
    'no weakness in my leg',
    "I haven't lost control of my bladder",
    'I do not want to die',
    'No, I have no fever',
  ])('%s', (text) => expect(items(text)).toEqual([]))
})

describe('free text reader', () => {
  it('reads 4,000 characters of any letters in less than 200 ms', () => {
    const texts = ['no numb '.repeat(500), 'can not feel '.repeat(300), 'a '.repeat(2_000), ', and no '.repeat(440)]
    const started = performance.now()
    for (const text of texts) readFreeText(text)
    expect(performance.now() - started).toBeLessThan(200 * texts.length)
  })
})
