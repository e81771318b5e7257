import type { Place } from '../play/play.ts';
import {
  firstQuestion,
  type Layout,
  paragraphEnd,
  selfIntroduction,
  shownExchanges,
} from './layout.ts';
import type { Persona, PromptModel, Quotation } from './prompt.ts';
import { oneLine, quote } from './quote.ts';

/** Who asks, on the page. */
export const visitor = 'VISITOR';

/**
 * A prompt as the page of a play: a title, who is who, and speeches under their labels. Any model that
 * has read plays goes on with it. Line breaks in what is said are taken out, so nothing said can look
 * like a label.
 */
export function scriptLayout(model: PromptModel, persona: Persona, at?: Place): Layout {
  const { name } = persona;
  const write = (text: string): number[] => Array.from(model.tokenize(text));
  const speech = (label: string, text: string): number[] =>
    write(`${label}. ${oneLine(text)}${paragraphEnd}`);
  const { addsStart, start } = model.info;
  return {
    prefix: [
      ...(addsStart ? [start] : []),
      ...write(heading(persona)),
      ...speech(visitor, firstQuestion),
      ...speech(name, `${selfIntroduction(persona)} ${persona.situation(at)}`),
      ...persona
        .samples(at)
        .slice(0, shownExchanges)
        .flatMap(({ asker, cue, reply }) => [...speech(asker, cue), ...speech(name, reply)]),
    ],
    turn: ({ speaker, text }) => speech(speaker === 'visitor' ? visitor : name, text),
    ask: (question, recalled) => [
      ...write(memories(name, recalled, question)),
      ...speech(visitor, question),
      ...write(`${name}.`),
    ],
    stop: [paragraphEnd, `\n${visitor}.`, `\n${name}.`],
  };
}

function heading({ name, displayName, playTitle, role, relations }: Persona): string {
  const who = role === '' ? `${name}.` : `${name}, ${role}.`;
  const cast = [who, ...relations.map((sentence) => asTold(sentence, displayName))].join(' ');
  return `${playTitle.toUpperCase()}\n\n${cast}\n${visitor}, a stranger.\n\n`;
}

/** "Gertrude is your mother." → "Gertrude is Hamlet's mother." */
function asTold(sentence: string, displayName: string): string {
  return sentence
    .replace(/\byour\b/g, `${displayName}'s`)
    .replace(/\bYou speak\b/g, `${displayName} speaks`);
}

/** What a character recalls, as a stage direction of its own. */
export function memories(name: string, recalled: readonly Quotation[], question: string): string {
  if (recalled.length === 0) return '';
  const { lines, mark } = quote(recalled, question);
  const quoted = lines.map(({ speaker, text }) => `${speaker}: “${text}”`);
  return `[${name} remembers ${mark}\n${quoted.join('\n')}\n${mark}]${paragraphEnd}`;
}
