import { displayName } from '../play/cast/display-name.ts';
import { sentencesOf } from '../play/sentences.ts';
import { words } from '../play/words.ts';
import { termsOf } from './digest-rows.ts';
import type { Telling } from './digests/render-digest.ts';
import type { Passage } from './passage.ts';

/** Words of a speech that are told, at most: a small model says a fact again as it stands. */
const mostWords = 30;
/** Sentences of fewer words that stand before or after the rest, such as "Good morning, Tomas.", are not told. */
const leastWords = 4;

/** A speech that answers a question, with who heard it and tells of it. */
export interface SpeechToTell {
  readonly passage: Passage;
  /** What somebody else answered to it, if it asks. */
  readonly reply?: Passage | undefined;
  /** What is asked about: of a long speech the sentences that are most like it are told. */
  readonly question: string;
  readonly telling: Telling;
}

/**
 * A speech as somebody tells of it who heard it: one's own as it was said, "I sold the last of the herring.", what was asked
 * or what others said with who it was, "Tomas said: “You always sell early.”", and a question with its reply.
 */
export function toldSpeech({ passage, reply, question, telling }: SpeechToTell): string {
  const said = excerptOf(passage.text, question);
  const isAsked = asksSomething(said);
  if (passage.speaker === telling.character && !isAsked) return said;
  const asked = `${capital(called(passage.speaker, telling))} ${isAsked ? 'asked' : 'said'}: “${said}”`;
  if (!isAsked || !reply) return asked;
  const answered = excerptOf(reply.text, question);
  return `${asked} ${capital(called(reply.speaker, telling))} said: “${answered}”`;
}

/** Whether words end with a question. */
export const asksSomething = (text: string): boolean => /\?["'”’)\]]*$/.test(text.trim());

function called(speaker: string, { character, calls = () => undefined }: Telling): string {
  if (speaker === character) return 'I';
  const { call, withName } = calls(speaker) ?? {};
  const name = displayName(speaker);
  if (call === undefined) return name;
  return withName ? `${call} ${name}` : call;
}

/** The sentences in a row, as many as may be told, that share most words with the question; the first if all are equal. */
function excerptOf(text: string, question: string): string {
  const asked = termsOf(question);
  const worth = (sentences: readonly string[]): number =>
    [...termsOf(sentences.join(' '))].filter((term) => asked.has(term)).length;
  const all = sentencesOf(text);
  const runs = all.map((_, from) => asManyAsFit(all.slice(from)));
  const [best = []] = runs.toSorted((a, b) => worth(b) - worth(a));
  const isIdle = (sentence: string): boolean =>
    words(sentence).length < leastWords && worth([sentence]) === 0;
  const first = best.findIndex((sentence) => !isIdle(sentence));
  const last = best.findLastIndex((sentence) => !isIdle(sentence));
  const told = first < 0 ? best : best.slice(first, last + 1);
  return told.join(' ').replace(/[“”"]/g, '’');
}

/** The first sentences, as many as fit whole; a first one that is too long is cut between two words. */
function asManyAsFit(sentences: readonly string[]): string[] {
  let total = 0;
  const over = sentences.findIndex((sentence) => {
    total += words(sentence).length;
    return total > mostWords;
  });
  if (over === 0) return [`${sentences[0]!.split(' ').slice(0, mostWords).join(' ')} …`];
  return sentences.slice(0, over < 0 ? sentences.length : over);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
