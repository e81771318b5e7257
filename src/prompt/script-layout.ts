import type { Place } from '../play/play.ts';
import { type Layout, paragraphEnd, selfIntroduction } from './layout.ts';
import { type Persona, type PromptModel, type Quotation, templateFor } from './prompt.ts';
import { filled } from './prompt-template.ts';
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
  const { firstQuestion, exchanges, script } = templateFor(persona);
  const introduction = selfIntroduction(persona);
  const opening = write(`${name}.`);
  return {
    prefix: [
      ...(addsStart ? [start] : []),
      ...write(heading(persona)),
      ...speech(visitor, firstQuestion),
      ...speech(name, filled(script.situation, { introduction, situation: persona.situation(at) })),
      ...persona
        .samples(at)
        .slice(0, exchanges)
        .flatMap(({ asker, cue, reply }) => [...speech(asker, cue), ...speech(name, reply)]),
    ],
    turn: ({ speaker, text }) => speech(speaker === 'visitor' ? visitor : name, text),
    ask: (question, recalled, note = '') => [
      ...write(memories(persona, recalled, question)),
      ...write(note === '' ? '' : filled(script.note, { label: name, note: oneLine(note) })),
      ...speech(visitor, question),
      ...opening,
    ],
    opening,
    stop: [paragraphEnd, `\n${visitor}.`, `\n${name}.`],
  };
}

function heading(persona: Persona): string {
  const { name, displayName, playTitle, role, relations } = persona;
  const { script } = templateFor(persona);
  const who = role === '' ? `${name}.` : filled(script.who, { label: name, role });
  const cast = [who, ...relations.map((sentence) => asTold(sentence, displayName))].join(' ');
  return filled(script.heading, { title: playTitle.toUpperCase(), cast, visitor });
}

/** "Gertrude is your mother." → "Gertrude is Hamlet's mother." */
function asTold(sentence: string, displayName: string): string {
  return sentence
    .replace(/\byour\b/g, `${displayName}'s`)
    .replace(/\bYou speak\b/g, `${displayName} speaks`);
}

/** What a character recalls, as a stage direction of its own. */
export function memories(
  persona: Pick<Persona, 'name' | 'template'>,
  recalled: readonly Quotation[],
  question: string,
): string {
  if (recalled.length === 0) return '';
  const { lines, mark } = quote(recalled, question);
  const passages = lines.map(({ speaker, text }) => `${speaker}: “${text}”`).join('\n');
  return filled(templateFor(persona).script.recalled, { label: persona.name, mark, passages });
}
