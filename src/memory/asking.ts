/** What may come before a question without being part of it. */
const opening =
  /^(?:(?:hello|hail|hi|greetings|good (?:day|morrow|morning|evening|night)|well met|well|so|but|and|now|then|oh?|ah|alas|pray|prithee|please|sir|madam|my (?:good |dear |gentle )?(?:lord|lady|liege|queen|king|prince|friend)|good sir|sweet lady)\b[\s,.!:;-]*)+/i;

/** What asks for a fact by the way. */
const roundabout =
  /^(?:(?:can|could|would|will) you (?:please )?(?:tell|say to|explain to) (?:me|us)|tell me|do you (?:know|remember|recall)|speak)[\s,:]+(?:about\s+)?/i;

const questionWord =
  /^(?:by |from |for |with |of |to |in |into |on |at |against |about |beside |under |after |before |behind )?(?:who|whom|whose|what|which|when|where|why|how)\b/i;

/** What the one who is asked, or the one who asks, would do: "will you swear", "what should I do". */
const ofIntent =
  /\b(?:will|would|can|shall|should|may|might|must)(?: not)? (?:you|thou|ye|i|we)\b|^could (?:you|thou|i|we)\b/i;
/** The one who is asked, as they are now: "do you love", "are you sad", "what is your name". */
const ofYouNow =
  /\b(?:do|does|are|art|is|have|has|am)(?: not)? (?:you|thou|ye)\b|\b(?:you|thou|we)(?:'re| (?:are|feel|think|want|like|love|hate|fear|hope|wish|believe|say|mean|live|look|seem))\b|\b(?:is|are) (?:your|thy)\b/i;
/** What is done to the one who is asked, as they feel it: "what is it that weighs on you". */
const toYouNow =
  /\b(?:weighs|troubles|ails|grieves|vexes|worries|frightens|pleases|moves|brings|keeps)(?: on| upon)? (?:you|thee)\b/i;
/** What is over can be known, whoever did it: "what did you fear when the ghost beckoned". */
const ofThePast = /\b(?:did|didst|had|was|were|could)\b/i;
const knowOf = /\bwhat (?:do|can) you (?:know|tell|remember|recall)\b/i;

/** "How now", "how goes it", "what news": words of greeting. */
const greeting =
  /^(?:how (?:now|goes|fares?|is (?:it|all|everything|life)|are things|do you do)|what(?:'s| is)? (?:news|new|up|the matter|wrong)|what cheer|who (?:is )?there)\b/i;

/** "What is love", "what is the meaning of life", "what makes a good king": matters of opinion. */
const ofOpinion =
  /^[Ww]hat(?:'s| is) (?:[a-z]+|(?:the )?(?:meaning|point|purpose|secret|use|worth|nature|best|worst|most)\b.*)$|^(?:[Ww]hat|[Ww]hich|[Ww]ho) (?:makes?|should|ought|would)\b|\b(?:should|ought) (?:i|we|one|people|a)\b/;

/** "Is he a good king", "was it right": what everybody judges for themself. */
const ofJudgement =
  /^(?:is|are|was|were) (?:[\w']+ ){1,3}?(?:an? |the )?(?:very |so |truly )?(?:good|bad|wise|wicked|just|kind|great|honest|evil|right|wrong|weak|handsome|beautiful)\b/i;

const yesOrNo = /^(?:did|didst|was|were|had|hadst|has|have|hath|is|are)\b/i;
const aboutYou = /^\w+(?:n't)? (?:you|thou|ye|it|this|that|there)\b/i;

/**
 * What words ask for: a `fact`, which somebody knows or does not; what somebody thinks, feels or is, of which everybody has
 * something to say (`own`); or nothing in particular (`talk`). Only a fact is ever answered by not knowing.
 */
export type Asking = 'fact' | 'own' | 'talk';

export function askingOf(words: string): Asking {
  const question = lastQuestion(words)
    .replaceAll('’', "'")
    .replace(opening, '')
    .replace(roundabout, '')
    .replace(/[?!.\s]+$/, '');
  if (knowOf.test(question)) return 'fact';
  if (greeting.test(question) || ofIntent.test(question)) return 'talk';
  const asksWhat = questionWord.test(question) && question.includes(' ');
  if (toYouNow.test(question)) return asksWhat ? 'own' : 'talk';
  if (ofJudgement.test(question)) return 'talk';
  if (ofYouNow.test(question) && !(asksWhat && ofThePast.test(question)))
    return asksWhat ? 'own' : 'talk';
  if (asksWhat) return ofOpinion.test(question) ? 'own' : 'fact';
  const isFact = yesOrNo.test(question) && (!aboutYou.test(question) || namesSomebody(question));
  return isFact ? 'fact' : 'talk';
}

/** Whether words are about the one who is asked, as they are now: "Who are you?", "Do you?". */
export function asksOfYouNow(words: string): boolean {
  const plain = words.replaceAll('’', "'");
  return ofYouNow.test(plain) || ofIntent.test(plain);
}

/** The sentence that ends with a question mark, the last if there are several; everything if none does. */
function lastQuestion(words: string): string {
  const asked = words.match(/[^.!?]+\?/g)?.at(-1);
  return (asked ?? words).trim();
}

/** A capital within the sentence, other than of "I". */
const namesSomebody = (question: string): boolean => /\s(?!I\b)\p{Lu}/u.test(question);
