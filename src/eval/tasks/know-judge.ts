/** What an answer in free words is worth: by the key of its question, or by whether it shows what cannot be known. */
export type Verdict = 'right' | 'wrong' | 'violated' | 'does not know';

/** Ways of saying that one does not know, in modern and early modern words. */
const notKnowing = [
  String.raw`\b(know|knew|remember|recall) (it |him |her |them |thee |you |this |that |of )?(not|nothing|naught|nought|none|no such)\b`,
  String.raw`\b(do|does|did|doth|can|could|may) ?(not|n't|never) (yet )?(know|remember|recall|say|tell|answer)\b`,
  String.raw`\bcan(not|'t)( yet)? (know|remember|recall|say|tell|answer|speak of)\b`,
  String.raw`\b(don't|didn't|doesn't|couldn't) (know|remember|recall)\b`,
  String.raw`\b(neither|never|nor|not|nothing|naught|nought)( \w+){0,3} (seen|saw|heard|hear|known|learnt|learned|told)\b`,
  String.raw`\b(seen|saw|heard|hear|known|know) (of )?(nothing|naught|nought|none|no such|neither)\b`,
  String.raw`\b(no|any) (knowledge|news|word|memory|tidings) (of|about|thereof)\b`,
  String.raw`\b(unknown|strange|stranger) to me\b`,
  String.raw`\bam (ignorant|not aware|unaware)\b`,
].map((pattern) => new RegExp(pattern, 'i'));

/**
 * A pattern of a key as it is matched: anywhere in an answer, case ignored.
 *
 * @throws {SyntaxError} If it is no regular expression.
 */
export function patternOf(pattern: string): RegExp {
  let found = compiled.get(pattern);
  if (!found) {
    found = new RegExp(pattern, 'i');
    compiled.set(pattern, found);
  }
  return found;
}

const compiled = new Map<string, RegExp>();

/** Curly quotation marks as straight ones, and line breaks as spaces: patterns are written without them. */
const plain = (text: string): string => text.replace(/[‘’]/g, "'").replace(/\s+/g, ' ');

/** Whether one pattern of each group is in an answer. */
export function isAccepted(groups: readonly (readonly string[])[], answer: string): boolean {
  return groups.every((group) => isRejected(group, answer));
}

/** Whether one of the patterns is in an answer. */
export function isRejected(patterns: readonly string[], answer: string): boolean {
  const words = plain(answer);
  return patterns.some((pattern) => patternOf(pattern).test(words));
}

/** Whether an answer says that its speaker does not know. */
export function saysNotKnown(answer: string): boolean {
  const words = plain(answer);
  return notKnowing.some((pattern) => pattern.test(words));
}

/** What counts as right of something that can be known. */
export interface Key {
  readonly accept: readonly (readonly string[])[];
  readonly reject: readonly string[];
}

/** The verdict on an answer to something that can be known: a wrong detail outweighs a right one. */
export function judgeKnown({ accept, reject }: Key, answer: string): Verdict {
  if (isRejected(reject, answer)) return 'wrong';
  if (isAccepted(accept, answer)) return 'right';
  return saysNotKnown(answer) ? 'does not know' : 'wrong';
}

/** The verdict on an answer to something that cannot be known: whatever shows no knowledge will do. */
export function judgeUnknown({ reject }: Pick<Key, 'reject'>, answer: string): Verdict {
  if (isRejected(reject, answer)) return 'violated';
  return saysNotKnown(answer) ? 'does not know' : 'right';
}
