/**
 * A visitor's question in the words of the one who is asked: "Who killed your father?" as "Who killed my father?". What
 * somebody remembers is told so, and is found better for it.
 */
export function firstPerson(question: string): string {
  return replaceAll(question.replaceAll('’', "'"), [
    [/\bare (?:you|thou)\b/gi, 'am I'],
    [/\bwere (?:you|thou)\b/gi, 'was I'],
    [/\b(?:you|thou) (?:are|art)\b|\byou're\b/gi, 'I am'],
    [/\b(?:you|thou) (?:were|wert)\b/gi, 'I was'],
    [/\b(?:yourself|thyself)\b/gi, 'myself'],
    [/\byours\b/gi, 'mine'],
    [/\b(?:your|thy|thine)\b/gi, 'my'],
    [subjectAfter, '$1 I'],
    [/(^|[.?!,;:] )(?:you|thou)\b/gi, '$1I'],
    [subjectBefore, 'I'],
    [/\b(?:you|thee|thou)\b/gi, 'me'],
  ]);
}

const auxiliary =
  'am|art|was|do|dost|does|did|didst|have|hast|has|had|hadst|will|wilt|would|wouldst|shall|shalt|should|can|canst|could|may|might|must';
const conjunction =
  "n't|that|when|if|because|before|after|why|what|where|how|who|whom|which|as|and|while|until|once";
/** "You" where it can only be a subject: after an auxiliary or a conjunction, and before an auxiliary. */
const subjectAfter = new RegExp(`(\\b(?:${auxiliary}|${conjunction})) (?:you|thou)\\b`, 'gi');
const subjectBefore = new RegExp(
  `\\b(?:you|thou)(?= (?:${auxiliary}|never|always|ever|not|still)\\b)`,
  'gi',
);

/** What a character's own words stand for where a narrator speaks. */
export interface Names {
  /** The character's own name: "Hamlet". */
  readonly self: string;
  /** What the character calls others, and their names: ["my uncle", "Claudius"], ["my father", "old King Hamlet"]. */
  readonly kin: readonly (readonly [call: string, name: string])[];
  /** Titles and the names of those who have them: ["the king", "Claudius"]. */
  readonly titles: readonly (readonly [title: string, name: string])[];
}

/** A question in the words of the one asked, as a narrator would ask it: "Who killed my father?" as "Who killed old King Hamlet?". */
export function thirdPerson(question: string, { self, kin, titles }: Names): string {
  const longest = [...kin].sort(([a], [b]) => b.length - a.length);
  const text = replaceAll(question, [
    ...longest.map(([call, name]) => [wordsOf(`${call} ${name}`), name] as const),
    ...longest.map(([call, name]) => [wordsOf(call), name] as const),
    ...titles.map(([title, name]) => [wordsOf(title), name] as const),
    [/\b(?:my|mine)\b/gi, `${self}'s`],
    [/\b(?:myself|me)\b/gi, self],
    [/\bam I\b/gi, `is ${self}`],
    [/\bI am\b/g, `${self} is`],
    [/\bdo I\b/gi, `does ${self}`],
    [/\bI\b/g, self],
  ]);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function replaceAll(text: string, pairs: readonly (readonly [RegExp, string])[]): string {
  return pairs.reduce((written, [pattern, words]) => written.replace(pattern, words), text);
}

/** Matches whole words; "the king" is not meant in "the king of Norway". */
function wordsOf(text: string): RegExp {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w'])${escaped}\\b(?! of\\b)`, 'gi');
}
