import { commonLength } from '../../play/common-length.ts';
import { words } from '../../play/words.ts';

/** Words of a question from which on a share of them tells. */
const leastWords = 4;
/** Share of the question's words, in their order at the reply's start, from which on it is the question again. */
const leastShare = 0.8;
/** What a reply itself asks: up to a question mark, from the stop or quotation mark before. */
const askingPart = /[^.!?:;“”"\n]+\?/g;
/** Words that change when a question is asked back: "your father" is "my father". */
const person: Readonly<Record<string, string>> = {
  ...alike('i me you thou thee ye', '1'),
  ...alike('my mine your yours thy thine', '2'),
  ...alike('am are art is', '3'),
  ...alike('myself yourself thyself', '4'),
};

/**
 * Whether a reply says the question again: as the whole of it, word for word before the answer, or turned round as a
 * question of its own ("Who killed my father?"), wherever that stands.
 */
export function repeatsQuestion(reply: string, question: string): boolean {
  const asked = words(question);
  const said = words(reply);
  if (asked.length === 0 || said.length === 0) return false;
  const isPrefix = asked.every((word, i) => said[i] === word);
  if (isPrefix && asked.length >= (said.length === asked.length ? 2 : 3)) return true;
  if (asked.length < leastWords) return false;
  const isBegun = said[0] === asked[0] && said[1] === asked[1];
  const asking = [...reply.matchAll(askingPart)].map(([part]) => words(part));
  return [...(isBegun ? [said] : []), ...asking].some((part) => {
    const start = part.slice(0, asked.length + 1);
    return commonLength(asked.map(turned), start.map(turned)) >= leastShare * asked.length;
  });
}

function alike(list: string, sign: string): Record<string, string> {
  return Object.fromEntries(list.split(' ').map((word) => [word, sign]));
}

function turned(word: string): string {
  return person[word] ?? word;
}
