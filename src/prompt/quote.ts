import { words } from '../play/words.ts';
import { sha256 } from '../store/sha256.ts';
import type { Quotation } from './prompt.ts';

/** Words of one quoted passage: three of them and a question take about a hundred and thirty tokens. */
const mostWords = 22;

/** Quoted passages, each on one line, and the mark that only this prompt has. */
export interface Quoted {
  readonly lines: readonly Quotation[];
  readonly mark: string;
}

/**
 * Passages as data to put into a prompt: each on a line of its own, cut to what fits the question, and
 * between marks that the quoted words cannot contain.
 *
 * The mark comes from the words, not from chance, so that the same command gives the same prompt.
 */
export function quote(quotations: readonly Quotation[], question: string): Quoted {
  const lines = quotations.map(({ speaker, text }) => ({
    ...(speaker !== undefined && { speaker: oneLine(speaker) }),
    // A fact is one sentence, and worth nothing cut.
    text: (speaker === undefined ? oneLine(text) : excerpt(text, question)).replace(/[“”"]/g, "'"),
  }));
  const inside = lines
    .map(({ speaker, text }) => (speaker === undefined ? text : `${speaker}: ${text}`))
    .join('\n');
  let mark: string;
  let salt = 0;
  do {
    mark = sha256(`${salt++}\n${question}\n${inside}`).slice(0, 4);
  } while (inside.includes(mark) || question.includes(mark));
  return { lines, mark };
}

/** The sentences of a passage, in a row, that share most words with the question; the first ones if all are equal. */
export function excerpt(text: string, question: string): string {
  const sentences = oneLine(text).split(/(?<=[.!?;:])\s+/);
  const asked = new Set(words(question).filter((word) => word.length > 3));
  let best = '';
  let most = -1;
  for (let from = 0; from < sentences.length; from++) {
    const window = fill(sentences.slice(from));
    const shared = new Set(words(window).filter((word) => asked.has(word))).size;
    if (shared > most) {
      most = shared;
      best = window;
    }
  }
  return best;
}

/** Joins as many whole sentences as fit; a first one that is too long is cut between two words. */
function fill(sentences: readonly string[]): string {
  let text = '';
  for (const sentence of sentences) {
    const longer = text === '' ? sentence : `${text} ${sentence}`;
    if (words(longer).length > mostWords) break;
    text = longer;
  }
  return text === '' ? `${sentences[0]!.split(' ').slice(0, mostWords).join(' ')} …` : text;
}

/** Without line breaks, so that no text can look like the start of another part of the prompt. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
