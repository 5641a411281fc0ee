/**
 * Cues and borders of negation, for lower case text without accents, English and Spanish. Built after the idea of NegEx (Chapman 2001):
 * a cue negates what stands in its scope; a border ends the scope. Own lists, version 1, checked 2026-11-24.
 */

/** Look like a negation and are none: doubt and "no relief" say nothing about the symptom. Cut out before cues are looked for. */
export const PSEUDO_CUES =
  /\b(?:not (?:only|just|sure|certain|deny\w*|without|been able|normal|helped|helping|better|improv\w+|know)|no (?:wonder|idea|doubt|relief|better|change|improvement|help|matter|solo|se\b(?! me)|estoy segur[oa]|mejora\w*|ayuda\w*)|nothing helps|sin (?:duda|alivio|mejoria)|without (?:relief|warning|any relief))\b/g

/** Negates a noun and the list after it: "no fever, chills or weakness". */
export const LIST_CUES =
  /^(?:without|denies|denied|deny|denying|none|neither|nor|never|negative|free|sin|niega|niego|nunca|jamas|ni|tampoco|ningun|ninguna|zero)$/

/** After "not" or Spanish "no": these verbs carry the negation to a whole list; with another verb it reaches only that verb. */
export const HAVING_VERBS =
  /^(?:have|had|having|has|feel|felt|feeling|notice|noticed|get|got|getting|experience\w*|any|been|be|a|think|suffer\w*|report\w*|tengo|tiene|tenia|tuve|tenido|he|ha|siento|senti|noto|note|hay|sufro|presento|presenta|padezco|refiere)$/

/** Words that end a scope: what follows is another statement. */
export const BORDERS =
  /\b(?:but|however|although|though|except|yet|because|since|due to|after|until|then|so|pero|aunque|sino|excepto|salvo|porque|desde|despues|entonces)\b/g

/** After "and", "or" or a comma these open a new statement instead of continuing the list. */
export const CLAUSE_STARTS =
  /^(?:i|my|it|the|this|that|there|he|she|we|they|you|now|today|also|still|have|has|had|got|am|is|yo|mi|mis|me|se|ahora|hoy|tambien|todavia|tengo|siento|hay|estoy|esta|el|la|los|las)$/

/** A finite verb after a comma: that part is a statement of its own. */
export const FINITE_VERBS =
  /\b(?:am|is|are|was|were|has|had|feels?|felt|hurts?|went|got|started|estoy|esta|estan|es|tengo|siento|duele|duelen|empezo)\b/

/** Negation after the symptom: "bladder problems: none", "numb when wiping but not any more". */
export const CUES_AFTER =
  /^(?:\s*[:?-]\s*(?:no|none|denies|denied|negative|never|ninguno|ninguna|niega)\s*(?:$|,)|\s*,?\s*(?:\w+\s+){0,4}(?:not any ?more|no longer|no more|not now|ya no)\s*(?:$|,)|\s*(?:is|are|was|were)? not (?:present|there|a problem|an issue)\b)/

/** Inside a symptom: "my groin is not numb". A "not" that opens the symptom ("can not feel", "have not been able to") is part of it. */
export const INNER_CUE = /^(?:(?!can|could|do|did|does|have|has|had|am|was)\w+|\w+ (?:\w+ )+?) ?(?:not|never)\b(?! (?:been )?able)/
