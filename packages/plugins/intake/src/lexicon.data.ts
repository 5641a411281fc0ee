/**
 * Words of patients that point at a red-flag item. `plain` says the symptom outright and counts as "yes"; `hint` raises the question (and
 * counts as "unsure" where it can not be asked). Patterns see lower case text without accents, with "n't" written as " not".
 * A hit can only add; nothing here can take a flag away. Own wording, version 1, checked 2026-11-24.
 */
export interface LexiconEntry {
  readonly item: string
  readonly strength: 'plain' | 'hint'
  readonly pattern: string
}

const LOSS =
  '(?:can not|could not|do not|did not|does not|unable to|not (?:been )?able to|no longer|can hardly|can barely|lost (?:the )?(?:ability|control) to)'
const LOSS_ES = '(?:no puedo|ya no|no logro|no pude|no he podido|no)'
const NUMB = '(?:numb\\w*|tingl\\w+|no feeling|no sensation|lost (?:all )?(?:feeling|sensation)|loss of (?:feeling|sensation))'
const SADDLE =
  '(?:saddle|groin|genitals?|private parts?|privates|crotch|between my legs|perineum|vagina|penis|testicles|anus|rectum|bottom|butt(?:ocks)?)'
const SADDLE_ES = '(?:entrepierna|genitales|silla de montar|partes intimas|entre las piernas|ingle)'

export const LEXICON: readonly LexiconEntry[] = [
  // cauda equina
  { item: 'saddle-numbness', strength: 'plain', pattern: `${NUMB} (?:\\w+ ){0,3}(?:when|while|after) (?:i (?:am |was )?)?wip\\w+` },
  { item: 'saddle-numbness', strength: 'plain', pattern: `${LOSS} feel (?:\\w+ ){0,4}(?:when|while) (?:i )?wip\\w+` },
  { item: 'saddle-numbness', strength: 'plain', pattern: `${NUMB} (?:\\w+ ){0,5}${SADDLE}` },
  { item: 'saddle-numbness', strength: 'plain', pattern: `${SADDLE} (?:\\w+ ){0,3}numb\\w*` },
  { item: 'saddle-numbness', strength: 'plain', pattern: `${LOSS} feel (?:\\w+ ){0,2}${SADDLE}` },
  {
    item: 'saddle-numbness',
    strength: 'plain',
    pattern: `(?:d(?:or|ue)rm\\w+|adormec\\w+|entumec\\w+|hormigueo|sin sensibilidad) (?:\\w+ ){0,4}(?:${SADDLE_ES}|limpiar\\w*|limpio)`,
  },
  { item: 'saddle-numbness', strength: 'plain', pattern: `${SADDLE_ES} (?:\\w+ ){0,3}(?:dormid\\w*|adormecid\\w*|entumecid\\w*)` },
  { item: 'saddle-numbness', strength: 'plain', pattern: `${LOSS_ES} (?:sentir|siento) (?:\\w+ ){0,4}(?:limpi\\w+|${SADDLE_ES})` },
  { item: 'saddle-numbness', strength: 'hint', pattern: 'numb\\w* (?:\\w+ ){0,2}down there' },
  {
    item: 'bladder-change',
    strength: 'plain',
    pattern: `${LOSS} (?:control|hold|feel|start|pass|empty) (?:\\w+ ){0,2}(?:bladder|pee|urine|urination|peeing)`,
  },
  { item: 'bladder-change', strength: 'plain', pattern: `${LOSS} (?:pee|urinate)` },
  { item: 'bladder-change', strength: 'plain', pattern: `${LOSS} feel (?:\\w+ ){0,3}(?:when|while) (?:i )?(?:am )?(?:pee\\w*|urinat\\w+)` },
  { item: 'bladder-change', strength: 'plain', pattern: '(?:no|little|less) control (?:of|over) (?:my |the )?(?:bladder|urine|pee)' },
  {
    item: 'bladder-change',
    strength: 'hint',
    pattern: '(?:wet the bed|accidents with my bladder|bladder accidents?|bladder (?:is )?leak\\w*|trouble going to the bathroom)',
  },
  { item: 'bladder-change', strength: 'plain', pattern: `${LOSS_ES} (?:sentir|siento) (?:\\w+ ){0,2}(?:orin\\w+|la orina)` },
  {
    item: 'bladder-change',
    strength: 'plain',
    pattern:
      '(?:wet myself|wetting myself|peed myself|peeing myself|leak\\w* (?:of )?(?:pee|urine)|loss of bladder control|los(?:t|ing) (?:\\w+ ){0,3}bladder(?: control)?|incontinen\\w+|urinary retention)',
  },
  {
    item: 'bladder-change',
    strength: 'plain',
    pattern: `${LOSS_ES} (?:orinar|orino|controlar la orina|aguantar la orina|aguanto la orina|controlo la (?:orina|vejiga)|controlar la vejiga|sentir la orina)`,
  },
  {
    item: 'bladder-change',
    strength: 'plain',
    pattern: '(?:se me (?:sale|escapa) (?:la orina|el orin)|me orino|incontinencia|retencion de orina|perdi el control de la vejiga)',
  },
  {
    item: 'bladder-change',
    strength: 'hint',
    pattern: '(?:bladder|urine|urinary|peeing|urinating)(?: or bowel)? (?:problems?|trouble|issues?|changes?|symptoms?)',
  },
  {
    item: 'bladder-change',
    strength: 'hint',
    pattern: '(?:trouble|problems?|hard|difficulty) (?:\\w+ ){0,2}(?:peeing|urinating|bladder|to pee|to urinate)',
  },
  { item: 'bladder-change', strength: 'hint', pattern: '(?:problemas?|cambios?|dificultad) (?:\\w+ ){0,3}(?:vejiga|orinar|orina)' },
  { item: 'bowel-change', strength: 'plain', pattern: `${LOSS} (?:control|hold|feel) (?:\\w+ ){0,2}(?:bowels?|stool|poop)` },
  { item: 'bowel-change', strength: 'plain', pattern: '(?:no|little|less) control (?:of|over) (?:my |the )?(?:bowels?|stool)' },
  {
    item: 'bowel-change',
    strength: 'plain',
    pattern:
      '(?:soil(?:ed|ing)? myself|pooped myself|loss of bowel control|los(?:t|ing) (?:\\w+ ){0,3}bowels?(?: control)?|loss of bladder (?:and|or) bowel control)',
  },
  {
    item: 'bowel-change',
    strength: 'plain',
    pattern: '(?:se me (?:sale|escapa) (?:el popo|la caca|el excremento)|me hago del bano|perdi el control del intestino)',
  },
  { item: 'bowel-change', strength: 'hint', pattern: '(?:bladder or )?bowels? (?:problems?|trouble|issues?|changes?|symptoms?)' },
  { item: 'bowel-change', strength: 'hint', pattern: '(?:problemas?|cambios?) (?:\\w+ ){0,4}(?:intestin\\w+|evacuar|defecar)' },
  {
    item: 'bilateral-leg-symptoms',
    strength: 'plain',
    pattern:
      'both (?:of )?(?:my )?(?:legs|feet) (?:\\w+ ){0,3}(?:numb\\w*|weak\\w*|tingl\\w+|hurt\\w*|pain\\w*|ach\\w+|give out|giving out)',
  },
  {
    item: 'bilateral-leg-symptoms',
    strength: 'plain',
    pattern: '(?:legs|feet) (?:\\w+ )?both (?:\\w+ )?(?:numb\\w*|weak\\w*|tingl\\w+|hurt\\w*|ach\\w+)',
  },
  {
    item: 'bilateral-leg-symptoms',
    strength: 'plain',
    pattern: '(?:numb\\w*|weak\\w*|tingl\\w+|pain) (?:\\w+ ){0,2}(?:in |down )?both (?:of )?(?:my )?(?:legs|feet)',
  },
  {
    item: 'bilateral-leg-symptoms',
    strength: 'plain',
    pattern: '(?:las dos|ambas) piernas (?:\\w+ ){0,2}(?:dormidas|debiles|adormecidas)',
  },
  {
    item: 'bilateral-leg-symptoms',
    strength: 'plain',
    pattern: '(?:dolor|debilidad|adormecimiento|hormigueo|duelen) (?:\\w+ ){0,2}(?:las dos|ambas) piernas',
  },
  {
    item: 'sexual-dysfunction',
    strength: 'hint',
    pattern:
      '(?:sexual dysfunction|erectile dysfunction|(?:can not|could not) (?:get|keep) an erection|no feeling during sex|numb\\w* during sex|impoten\\w+|disfuncion (?:sexual|erectil))',
  },
  {
    item: 'progressive-leg-weakness',
    strength: 'plain',
    pattern: '(?:leg|foot|legs|feet) (?:\\w+ ){0,3}(?:getting|got|gets|becoming) (?:\\w+ ){0,2}weaker',
  },
  {
    item: 'progressive-leg-weakness',
    strength: 'plain',
    pattern:
      '(?:foot drop|drop foot|(?:foot|leg) (?:\\w+ )?drag\\w*|drag(?:s|ging)? my (?:foot|leg)|pie caido|arrastro (?:el pie|la pierna))',
  },
  { item: 'progressive-leg-weakness', strength: 'plain', pattern: '(?:pierna|pie|piernas) (?:\\w+ ){0,3}(?:mas debil\\w*)(?: cada dia)?' },
  {
    item: 'new-limb-weakness',
    strength: 'hint',
    pattern:
      '(?:leg|legs|foot|arm|hand|knee) (?:is |are |feels? |feeling |has been |was )?(?:\\w+ )?(?:weak\\w*|giving out|gives out|giving way)',
  },
  { item: 'new-limb-weakness', strength: 'hint', pattern: 'weak\\w* (?:\\w+ ){0,3}(?:leg|legs|foot|arm|hand)' },
  { item: 'new-limb-weakness', strength: 'hint', pattern: '(?:pierna|brazo|mano|pie) (?:\\w+ )?debil' },
  // heart, lung, brain
  {
    item: 'chest-pain',
    strength: 'plain',
    pattern:
      '(?:chest (?:pain|pressure|tightness)|(?:pain|pressure|tightness) (?:in|on) (?:my |the )?chest|chest (?:hurts|is tight)|(?:dolor|presion|opresion) (?:de|en el) pecho|me duele el pecho)',
  },
  {
    item: 'shortness-of-breath',
    strength: 'plain',
    pattern:
      '(?:short(?:ness)? of breath|(?:can not|could not) (?:breathe|catch my breath)|trouble breathing|hard to breathe|difficulty breathing|(?:me )?falta (?:de|el) aire|no puedo respirar|me cuesta respirar|dificultad para respirar)',
  },
  { item: 'coughing-blood', strength: 'plain', pattern: '(?:cough\\w* (?:up )?blood|tos con sangre|toso sangre)' },
  {
    item: 'brain-signs',
    strength: 'plain',
    pattern:
      '(?:slurred speech|slur\\w* my words|double vision|see(?:ing)? double|face (?:is |feels )?(?:droop\\w*|numb)|drop attacks?|vision doble|veo doble|cara (?:caida|dormida)|hablo mal)',
  },
  {
    item: 'sudden-vision-loss',
    strength: 'plain',
    pattern: '(?:lost (?:my )?(?:sight|vision)|(?:sudden )?loss of vision|went blind|perdi la vista)',
  },
  {
    item: 'worst-neck-or-head-pain',
    strength: 'plain',
    pattern: '(?:worst (?:headache|head pain|neck pain)|thunderclap|peor dolor de (?:cabeza|cuello))',
  },
  { item: 'collapse', strength: 'hint', pattern: '(?:passed out|fainted|collapsed|blacked out|me desmaye)' },
  // infection, cancer, fracture
  {
    item: 'fever-or-chills',
    strength: 'plain',
    pattern: '(?:fevers?|feverish|chills|night sweats|fiebre|escalofrios|sudores (?:de noche|nocturnos))',
  },
  {
    item: 'history-of-cancer',
    strength: 'hint',
    pattern: '(?:cancer|tumou?r|leukemia|lymphoma|melanoma|metasta\\w+|chemo(?:therapy)?|quimio\\w*)',
  },
  {
    item: 'unexplained-weight-loss',
    strength: 'hint',
    pattern:
      '(?:los(?:t|ing) (?:\\w+ ){0,3}(?:weight|pounds|lbs|kilos)|weight loss|(?:perdi|bajado|perdido|bajando) (?:de |\\w+ ){0,2}peso)',
  },
  {
    item: 'night-pain',
    strength: 'hint',
    pattern:
      '(?:wakes? me (?:up )?(?:at|every|in the)? ?(?:night|middle of the night)?|pain at night|night pain|me despierta|dolor de noche|dolor nocturno)',
  },
  { item: 'long-steroid-use', strength: 'hint', pattern: '(?:prednisone|prednisolone|steroid pills|prednisona)' },
  { item: 'osteoporosis', strength: 'hint', pattern: '(?:osteoporosis|thin bones|brittle bones|huesos debiles)' },
  {
    item: 'major-trauma',
    strength: 'hint',
    pattern:
      '(?:car (?:crash|accident|wreck)|motorcycle (?:crash|accident)|fell (?:off|from) (?:a |the )?(?:roof|ladder)|hit by a car|accidente de (?:auto|carro|coche|moto)|me cai (?:de|del) (?:techo|una escalera))',
  },
  // leg clot, joints, wounds
  {
    item: 'calf-swelling-over-3cm',
    strength: 'hint',
    pattern: '(?:calf (?:\\w+ ){0,3}(?:swollen|swelling|swelled|bigger)|swollen calf|pantorrilla (?:\\w+ ){0,2}hinchada)',
  },
  {
    item: 'whole-leg-swelling',
    strength: 'hint',
    pattern: '(?:(?:whole|entire) leg (?:\\w+ ){0,2}(?:swollen|swelling)|toda la pierna hinchada)',
  },
  { item: 'prior-dvt', strength: 'hint', pattern: '(?:blood clots?|dvt|deep vein thrombosis|coagulos?|trombosis)' },
  { item: 'hot-swollen-joint', strength: 'hint', pattern: '(?:(?:hot|red) and swollen|swollen and (?:hot|red)|caliente e hinchad\\w+)' },
  {
    item: 'wound-problem',
    strength: 'hint',
    pattern: '(?:pus|oozing|wound (?:is |has )?(?:open\\w*|infected)|herida (?:abierta|infectada))',
  },
  // safety
  {
    item: 'self-harm-thoughts',
    strength: 'plain',
    pattern:
      '(?:kill(?:ing)? myself|suicid\\w+|end(?:ing)? (?:my life|it all)|hurt(?:ing)? myself on purpose|want to die|wish i (?:was|were) dead|better off dead|harm(?:ing)? myself|matarme|(?:do not|no longer) want to (?:live|be alive|be here)|(?:no|ya no) quiero vivir|quitarme la vida|quiero morir(?:me)?|hacerme dano)',
  },
  {
    item: 'not-safe-at-home',
    strength: 'plain',
    pattern:
      '(?:(?:he|she|husband|wife|partner|boyfriend|girlfriend|son|daughter) (?:hits|hit|beats|beat|chokes|choked|hurts) me|afraid (?:of my (?:husband|wife|partner|boyfriend|girlfriend)|to go home)|me (?:pega|golpea)|(?:esposo|esposa|pareja) me (?:pego|golpeo))',
  },
]
