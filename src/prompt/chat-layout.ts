import type { Place } from '../play/play.ts';
import { displayName } from './display-name.ts';
import { type Layout, paragraphEnd, selfIntroduction } from './layout.ts';
import { tokensOf } from './piece-tokens.ts';
import {
  type Persona,
  type PromptModel,
  type Quotation,
  type Turn,
  templateFor,
} from './prompt.ts';
import { filled, filledParts } from './prompt-template.ts';
import { oneLine, quote } from './quote.ts';
import type { ChatTemplate, Frame, Piece } from './templates.ts';

/**
 * A prompt in the model's own chat template.
 *
 * Small models follow what they see more than what they are told: so who the character is stands in the
 * system message, and how they speak in exchanges made to look like turns already taken. What is
 * recalled goes into the visitor's last message: turns before it stay as they are in the cache.
 */
export function chatLayout(
  model: PromptModel,
  template: ChatTemplate,
  persona: Persona,
  at?: Place,
): Layout {
  const write = (pieces: readonly Piece[]): number[] => tokensOf(model, pieces);
  const message = (frame: Frame, text: string): number[] =>
    write([...frame.before, text, ...frame.after]);
  const system = systemText(persona, at);
  const [first, ...others] = examples(persona, at);
  const told = template.system
    ? [...message(template.system, system), ...message(template.visitor, first!.cue)]
    : message(template.visitor, `${system}\n\n${first!.cue}`);
  const { addsStart, start } = model.info;
  const opening = write(template.open);
  return {
    prefix: [
      ...(addsStart ? [start] : []),
      ...told,
      ...message(template.character, first!.reply),
      ...others.flatMap(({ cue, reply }) => [
        ...message(template.visitor, cue),
        ...message(template.character, reply),
      ]),
    ],
    turn: ({ speaker, text }: Turn) => message(template[speaker], text.trim()),
    ask: (question, recalled, note) => [
      ...message(template.visitor, questionText(persona, question, recalled, note)),
      ...opening,
    ],
    opening,
    stop: [paragraphEnd],
  };
}

function systemText(persona: Persona, at?: Place): string {
  return filledParts(templateFor(persona).chat.system, {
    title: persona.playTitle,
    name: persona.displayName,
    description: persona.description,
    relations: persona.relations.join(' '),
    situation: persona.situation(at),
  }).join(' ');
}

/** Questions and replies that the conversation starts with, as if they had been said. */
function examples(persona: Persona, at?: Place): { cue: string; reply: string }[] {
  const { firstQuestion, exchanges } = templateFor(persona);
  return [
    { cue: firstQuestion, reply: selfIntroduction(persona) },
    ...persona.samples(at).slice(0, exchanges),
  ];
}

/** What a visitor asks, with what the character recalls before it, between marks, and what is to be better. */
export function questionText(
  persona: Pick<Persona, 'displayName' | 'template'>,
  question: string,
  recalled: readonly Quotation[],
  note = '',
): string {
  const { chat } = templateFor(persona);
  const asked = question.trim();
  const noted = note === '' ? asked : filled(chat.note, { question: asked, note: oneLine(note) });
  if (recalled.length === 0) return noted;
  const { lines, mark } = quote(recalled, asked);
  const passages = lines
    .map(({ speaker, text }) => `${displayName(speaker)}: “${text}”`)
    .join('\n');
  return filled(chat.recalled, { mark, passages, name: persona.displayName, question: noted });
}
