import { displayName } from '../play/cast/display-name.ts';
import type { Place } from '../play/play.ts';
import { shakespeares } from '../play/tongue.ts';
import {
  answeringFor,
  examplesFor,
  type Hints,
  type Layout,
  type Message,
  mannerText,
  paragraphEnd,
  recalledLines,
  saidWords,
  selfIntroduction,
} from './layout.ts';
import { startTokens, tokensOf } from './piece-tokens.ts';
import {
  type Persona,
  type PromptModel,
  type SceneLine,
  type SceneParts,
  templateFor,
  VISITOR,
} from './prompt.ts';
import { filled, filledParts } from './prompt-template.ts';
import { oneLine } from './quote.ts';
import type { ChatTemplate, Frame, Piece } from './templates.ts';

/**
 * A scene in the model's own chat template: those who are not the speaker are named lines in the user's messages, the
 * speaker's own turns are the assistant's; a visitor's words stand without a name.
 *
 * Small models follow what they see more than what they are told: so who the character is stands in the system message,
 * and how they speak in exchanges made to look like turns already taken. What is recalled goes into the last message:
 * turns before it stay as they are in the cache.
 */
export function chatLayout(
  model: PromptModel,
  template: ChatTemplate,
  parts: Omit<SceneParts, 'turns'>,
): Layout {
  const { persona, speaker } = parts;
  const write = (pieces: readonly Piece[]): number[] => tokensOf(model, pieces);
  const message = ({ before, after }: Frame, text: string): number[] =>
    write([...before, text, ...after]);
  const shown = persona ?? { displayName: displayName(speaker ?? '') };
  const { manner } = parts;
  const open = write([...template.open, ...(manner === undefined ? [] : [mannerText(manner)])]);
  return {
    prefix: prefixOf(model, template, parts, message),
    silence: { speaker: VISITOR, text: silence },
    open,
    messages: (turns) => chatMessages(turns, speaker),
    turn: ({ isOwn, text }) => message(isOwn ? template.character : template.visitor, text),
    answer: ({ isOwn, speaker: own, text }) => {
      if (!isOwn) throw new RangeError(`a chat teaches ${speaker}, but a turn of ${own} is learnt`);
      // A control token ends what the model writes; what follows it in the frame does not come from the model.
      const { after } = template.character;
      const ends = after.findIndex((piece) => typeof piece !== 'string') + 1 || after.length;
      const words = [...model.tokenize(text), ...write(after.slice(0, ends))];
      return { opening: open, words, rest: write(after.slice(ends)) };
    },
    ask: (question, hints) => ({ before: [], question: asked(model, shown, question, hints) }),
    continuation: (text) =>
      model.tokenize(
        speaker === undefined
          ? `${displayName(text)}:`
          : `${manner === undefined ? '' : ' '}${oneLine(text)}`,
      ),
    stop: () => [paragraphEnd],
  };
}

/** What is said to a speaker to whom nobody has spoken. */
export const silence = '…';

/** A line of somebody else in the user's message: a visitor's stands without a name, a direction in brackets. */
export function chatLine(line: SceneLine): string {
  const words = saidWords(line);
  const { speaker } = line;
  if (speaker === undefined) return `[${words}]`;
  return speaker === VISITOR ? words : `${displayName(speaker)}: ${words}`;
}

/** Turns in a row by one side are one message, a line each; directions stand in the messages of the others. */
function chatMessages<T extends SceneLine>(
  turns: readonly T[],
  speaker: string | undefined,
): Message<T>[] {
  const all: Message<T>[] = [];
  for (const turn of turns) {
    const isOwn = turn.speaker !== undefined && turn.speaker === speaker;
    const text = isOwn ? saidWords(turn) : chatLine(turn);
    const last = all.at(-1);
    if (last?.isOwn === isOwn) {
      const joined = { text: `${last.text}\n${text}`, turns: [...last.turns, turn] };
      all[all.length - 1] = { ...last, ...joined };
    } else all.push({ isOwn, speaker: turn.speaker, text, turns: [turn] });
  }
  return all;
}

/** What a chat begins with: who the character is, and exchanges as if they had been said. */
function prefixOf(
  model: PromptModel,
  template: ChatTemplate,
  parts: Omit<SceneParts, 'turns'>,
  message: (frame: Frame, text: string) => number[],
): number[] {
  const { persona, at } = parts;
  const first = startTokens(model, template);
  if (!persona) return first;
  const { firstQuestion, exchanges } = templateFor(persona);
  const system = systemText(persona, at);
  const shown = persona.samples(at).slice(0, exchanges);
  return [
    ...first,
    ...(template.system
      ? [...message(template.system, system), ...message(template.visitor, firstQuestion)]
      : message(template.visitor, `${system}\n\n${firstQuestion}`)),
    ...message(template.character, selfIntroduction(persona)),
    ...shown.flatMap(({ cue, reply }) => [
      ...message(template.visitor, cue),
      ...message(template.character, reply),
    ]),
    ...examplesFor(model, parts).flatMap(({ facts, question, reply }) => {
      const recalled = facts.map((text) => ({ text }));
      const words = asked(model, persona, question, { recalled, note: '' });
      return [...message(template.visitor, words), ...message(template.character, reply)];
    }),
  ];
}

function systemText(persona: Persona, at?: Place): string {
  return filledParts(templateFor(persona).chat.system, {
    title: persona.playTitle,
    name: persona.displayName,
    description: persona.description,
    relations: persona.relations.join(' '),
    own: ownRelations(persona),
    situation: persona.situation(at),
    ...(persona.tongue ?? shakespeares),
  }).join(' ');
}

/** "Claudius is my uncle, …": told in the second person, a small model quotes it back as it stands. */
function ownRelations({ own }: Persona): string {
  const main = own?.relations.filter(({ isMain, sentence }) => isMain && sentence !== '') ?? [];
  return main.map(({ sentence }) => sentence).join(' ');
}

/** What is asked, with what the character recalls before it, and what is to be better. */
function asked(
  model: PromptModel,
  persona: Pick<Persona, 'displayName' | 'template'>,
  question: string,
  { recalled, note }: Hints,
): string {
  const { chat } = templateFor(persona);
  const words = question.trim();
  const noted = note === '' ? words : filled(chat.note, { question: words, note: oneLine(note) });
  if (recalled.length === 0) return noted;
  const { bestLast } = answeringFor(model, persona);
  const how = { passage: chat.passage, bestLast };
  const { passages, mark } = recalledLines({ recalled, question: words }, how);
  return filled(chat.recalled, { mark, passages, name: persona.displayName, question: noted });
}
