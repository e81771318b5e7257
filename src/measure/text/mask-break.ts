import { words } from '../../play/words.ts';

/** Sentences that nobody on a stage says. */
const outOfRole: readonly RegExp[] = [
  /\b(?:an?|the) (?:AI|A\.I\.)(?![\w-])/,
  /\b(?:artificial intelligence|(?:large )?language model|chat ?bot|(?:virtual|digital|AI|helpful) assistant|computer program|neural network|machine learning)\b/i,
  /\bI(?:['’]m| am) (?:just |only |merely |simply |actually )*an? (?:assistant|bot|program|(?:fictional|literary) character|character (?:in|from|of) )/i,
  /\b(?:ChatGPT|GPT-?\d|OpenAI|Anthropic|Hugging ?Face|SmolLM\d?|Google|Gemini|Gemma|Llama|Qwen|Mistral)\b/,
  /\b(?:training data|system prompt|my (?:programming|training|creators|developers))\b/i,
  /\b(?:as|in) (?:a|an|the|my) (?:persona|role|fictional character)\b|\brole-?play/i,
  /\bI(?: cannot|['’]m (?:unable|not able) to| am (?:unable|not able) to| can['’]t) (?:assist|help you with|provide|generate|fulfil|comply)/i,
  /\bHow (?:can|may) I (?:help|assist) you\b/i,
  /\b(?:assist (?:you|with)|be of assistance|help(?:ed)? you today|wide range of tasks|translates (?:to|as|into)|sorry for any misunderstanding|feel free to (?:ask|share)|your questions or requests)\b/i,
  /\b(?:(?:enough|any) information|more (?:context|information|details)|please provide|answer(?:ing)? your question)\b/i,
  /\bthe play,? ["“'‘]?(?:Hamlet|Macbeth)\b/i,
  /\b(?:Shakespeare|Elizabethan|playwright)\b/i,
  /\bthe Bard\b|\b(?:tragedy|drama|play) (?:of|by) (?:Hamlet|Macbeth|William)\b/i,
  /\b(?:act|scene) (?:[IV]+|\d|one|two|three|four|five)\b[,.]? (?:scene|of the play)\b/i,
  /\b(?:art cinema|(?:a|the|this|that|your|my|good|great|favou?rite) films?)\b/i,
  /```|\bdef \w+ ?\(|^\s*import \w+|\bconsole\.log\b|\w\(\w*\):/m,
  /<\|?[a-z_/]+\|?>|\[\/?INST\]|^#{2,} ?\w/im,
  /^\s*(?:assistant|system|user|human|model|AI)\s*:/im,
];

/** Words for things that came later than 1700. */
const modern = new Set(
  `aeroplane airline airplane airport algorithm android antibiotic antibiotics app apps aspirin atom autopilot bacteria
  bike bitcoin blog blogs bluetooth brainstorm browser bus calorie calories camera cellphone chatbot chocolate cigar cigarette cigarettes cinema
  clickable cocktail coding coffee computer computers cyber data database democracy dinosaur dna download downtown ebook ebooks
  electric electrical electricity electronic email emails emoji engineering facebook feedback football fridge
  google gps guy guys hamburger helicopter hello hi hollywood html http https internet jeans jpeg kilogram kilometer
  kilometre laptop laser lifestyle login microphone microwave minibar mobile motorcycle movie movies nuclear okay ok online
  oxygen password percent percentage phone phones photo photograph photos pixel pizza plane podcast 
  programming psychology railway radio recycling refrigerator robot robots screenshot scientist scientists
  selfie skyscraper smartphone smartphones sofa software spacecraft startup stereotype stressful subway supermarket 
  teenager telephone television trauma tv twitter update upload username vaccine video videos virus vitamin vitamins
  website websites weekend wifi workout workplace workshop youtube`.split(/\s+/),
);

/** Small words of other languages that are no words of English. */
const foreign: Readonly<Record<string, RegExp>> = {
  French:
    /^(?:je|vous|nous|il|elle|est|la|les|de|une|dans|pour|pas|suis|avec|mais|très|bien|mon|votre|leur|si|en|où|qui|êtes|c'est|j'ai)$/,
  German: /^(?:ich|und|der|das|nicht|ist|bin|ein|eine|zu|mit|auf|wir|sie|heute|aber|auch|mein)$/,
  Spanish: /^(?:yo|el|los|las|una|está|soy|muy|pero|para|por|con|que|mi|estoy|usted|es|familia)$/,
};
/** Share of a reply's words that must be small words of one language for the reply to be in that language. */
const foreignShare = 0.2;
const leastForeign = 3;

/** Why a reply is out of its role: by what it says, by a thing that did not exist, or by its language. */
export type MaskBreak = 'role' | 'modern' | 'language';

/**
 * Whether a reply falls out of the role of somebody who lived before 1700; undefined if it does not.
 *
 * @param question What was asked: its own modern words may be wondered at ("What is this telephone?").
 */
export function maskBreak(reply: string, question: string): MaskBreak | undefined {
  if (outOfRole.some((pattern) => pattern.test(reply))) return 'role';
  const asked = new Set(words(question));
  const said = words(reply);
  if (said.some((word) => modern.has(word) && !asked.has(word))) return 'modern';
  const isForeign = Object.values(foreign).some((small) => {
    const count = said.filter((word) => small.test(word)).length;
    return count >= leastForeign && count / said.length >= foreignShare;
  });
  return isForeign ? 'language' : undefined;
}

/** What a reply has that wonders at a thing, or has not heard of it. */
const wondering =
  /\?|n['’]t\b|\b(?:not|no|never|neither|nor|nothing|naught|nobody|none|cannot|strange|unknown)\b/i;

/**
 * Whether a reply speaks of a later thing that the question names as of something that its speaker knows: it says the
 * thing's word, and neither asks nor denies anything. `maskBreak` lets those words pass, so that they may be wondered at.
 */
export function takesForKnown(reply: string, question: string): boolean {
  const said = new Set(words(reply));
  const isNamed = words(question).some((word) => modern.has(word) && said.has(word));
  return isNamed && !wondering.test(reply);
}
