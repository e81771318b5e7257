import {
  type Answer,
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
import { type Persona, type PromptModel, type SceneParts, templateFor, VISITOR } from './prompt.ts';
import { filled } from './prompt-template.ts';
import { oneLine } from './quote.ts';

/**
 * A scene as the page of a play: a title, who is who, and speeches under their labels. Any model that has read plays
 * goes on with it. Line breaks in what is said are taken out, so nothing said can look like a label.
 */
export function scriptLayout(model: PromptModel, parts: Omit<SceneParts, 'turns'>): Layout {
  const { persona, speaker, manner } = parts;
  const write = (text: string): number[] => Array.from(model.tokenize(text));
  const label = speaker === undefined ? '' : scriptLabel(speaker);
  return {
    prefix: prefixOf(model, parts),
    silence: undefined,
    open:
      speaker === undefined
        ? []
        : write(manner === undefined ? label : `${label} ${mannerText(manner)}`),
    messages: (turns) =>
      turns.map((turn) => ({
        speaker: turn.speaker,
        manner: turn.manner,
        text: turn.text,
        isOwn: turn.speaker !== undefined && turn.speaker === speaker,
        turns: [turn],
      })),
    turn: (message) => write(scriptSpeech(message)),
    answer: (message) => answerOf(write, message),
    ask: (question, hints) => ({
      before:
        speaker === undefined
          ? []
          : directions(model, { label: speaker, persona, question, hints }),
      question,
    }),
    continuation: (text) => model.tokenize(speaker === undefined ? `${text}.` : scriptWords(text)),
    stop: (answered) => [
      paragraphEnd,
      ...[answered, speaker].flatMap((name) => (name ? [`\n${scriptLabel(name)}`] : [])),
    ],
  };
}

const scriptLabel = (speaker: string): string => `${speaker}.`;
/** What follows a label. */
const scriptWords = (text: string): string => ` ${oneLine(text)}`;

/** A line of the page: a turn under its label, or a direction in brackets. */
export const scriptSpeech = (line: Pick<Message, 'speaker' | 'manner' | 'text'>): string =>
  line.speaker === undefined
    ? `[${oneLine(line.text)}]${paragraphEnd}`
    : `${scriptLabel(line.speaker)} ${saidWords(line)}${paragraphEnd}`;

/** What a page begins with. A text never begins with nothing before it: what comes first is scored like the rest. */
function prefixOf(model: PromptModel, parts: Omit<SceneParts, 'turns'>): number[] {
  const { persona, at } = parts;
  const { addsStart, start } = model.info;
  const write = (text: string): number[] => Array.from(model.tokenize(text));
  if (!persona) return addsStart ? [start] : write('\n');
  const { name } = persona;
  const speech = (speaker: string, text: string): number[] =>
    write(scriptSpeech({ speaker, text }));
  const { firstQuestion, exchanges, script } = templateFor(persona);
  const introduction = selfIntroduction(persona);
  return [
    ...(addsStart ? [start] : []),
    ...write(heading(persona)),
    ...speech(VISITOR, firstQuestion),
    ...speech(name, filled(script.situation, { introduction, situation: persona.situation(at) })),
    ...persona
      .samples(at)
      .slice(0, exchanges)
      .flatMap(({ asker, cue, reply }) => [...speech(asker, cue), ...speech(name, reply)]),
    ...examplesFor(model, parts).flatMap(({ facts, question, reply }) => [
      ...directions(model, {
        label: name,
        persona,
        question,
        hints: { recalled: facts.map((text) => ({ text })), note: '' },
      }),
      ...speech(VISITOR, question),
      ...speech(name, reply),
    ]),
  ];
}

function heading(persona: Persona): string {
  const { name, displayName, playTitle, role, relations } = persona;
  const { script } = templateFor(persona);
  const who = role === '' ? `${name}.` : filled(script.who, { label: name, role });
  const cast = [who, ...relations.map((sentence) => inThirdPerson(sentence, displayName))].join(
    ' ',
  );
  return filled(script.heading, { title: playTitle.toUpperCase(), cast, visitor: VISITOR });
}

/** "Gertrude is your mother." → "Gertrude is Hamlet's mother." */
function inThirdPerson(sentence: string, displayName: string): string {
  return sentence
    .replace(/\byour\b/g, `${displayName}'s`)
    .replace(/\bYou speak\b/g, `${displayName} speaks`);
}

/**
 * A speech with its label apart from its words. A vocabulary may have one token for a full stop and the line ends after
 * it, so the whole is tokenised at once and divided after the label.
 */
function answerOf(write: (text: string) => number[], message: Message): Answer {
  const whole = write(scriptSpeech(message));
  const opening = write(scriptLabel(message.speaker ?? ''));
  // Never otherwise in the vocabularies we know, whose tokens do not join a full stop and a word.
  const isAsked = opening.every((token, at) => token === whole[at]);
  const words = isAsked
    ? whole.slice(opening.length)
    : [...write(scriptWords(message.text)), ...write(paragraphEnd)];
  return { opening, words, rest: [] };
}

/** What a character recalls and what is to be better, as stage directions of their own. */
function directions(
  model: PromptModel,
  {
    label,
    persona,
    question,
    hints: { recalled, note },
  }: {
    readonly label: string;
    readonly persona: Persona | undefined;
    readonly question: string;
    readonly hints: Hints;
  },
): number[] {
  const { script } = templateFor(persona);
  const tokens: number[] = [];
  if (recalled.length > 0) {
    const { bestLast } = answeringFor(model, persona);
    const how = { passage: script.passage, bestLast, named: (speaker: string) => speaker };
    const { passages, mark } = recalledLines({ recalled, question }, how);
    tokens.push(...model.tokenize(filled(script.recalled, { label, mark, passages })));
  }
  if (note !== '')
    tokens.push(...model.tokenize(filled(script.note, { label, note: oneLine(note) })));
  return tokens;
}
