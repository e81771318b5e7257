import type { Place } from '../play/play.ts';
import { chatLayout, questionText } from './chat-layout.ts';
import { displayName } from './display-name.ts';
import { templateOf } from './form.ts';
import { paragraphEnd } from './layout.ts';
import { tokensOf } from './piece-tokens.ts';
import {
  type Form,
  type Persona,
  type PromptModel,
  type Quotation,
  templateFor,
} from './prompt.ts';
import { filled } from './prompt-template.ts';
import { oneLine } from './quote.ts';
import { memories, scriptLayout, visitor } from './script-layout.ts';
import type { ChatTemplate, Frame } from './templates.ts';

/** The name under which a stranger speaks in a scene. */
export const stranger = visitor;

/** A scene so far: any number of people speak in it. */
export interface SceneParts {
  readonly form: Form;
  /** Who the speaker is; without it nothing is told of them. */
  readonly persona?: Persona | undefined;
  readonly at?: Place | undefined;
  /** The one that fits best first. */
  readonly recalled?: readonly Quotation[];
  /** Cast names, or `stranger`. */
  readonly turns: readonly { readonly speaker: string; readonly text: string }[];
  /** Whose words come next; without one, a label comes next. */
  readonly speaker?: string | undefined;
  /** What was wrong with an answer that was struck out. */
  readonly note?: string | undefined;
}

export interface ScenePrompt {
  readonly tokens: Int32Array;
  /** Tokens at the start that stay the same for this persona at this point of the story. */
  readonly prefixLength: number;
  /** See `Prompt`; undefined where nobody has the word. */
  readonly turnFrom: number | undefined;
  /** Texts at which what comes next ends. */
  readonly stop: readonly string[];
  /** The tokens of what may come next: words of the speaker, or a cast name where a label comes next. */
  continuation(text: string): Int32Array;
}

/**
 * The tokens that ask a model to go on with a scene.
 *
 * In script form it is the page. In chat form those who are not the speaker are named lines in the user's
 * messages, the speaker's own turns are the assistant's; a stranger's words stand without a name, as in a
 * conversation.
 */
export function scenePrompt(model: PromptModel, parts: SceneParts): ScenePrompt {
  if (parts.form === 'script') return scriptScene(model, parts);
  const template = templateOf(model);
  if (!template) throw new RangeError('the model has no chat template that is known');
  return chatScene(model, template, parts);
}

function scriptScene(
  model: PromptModel,
  { persona, at, recalled = [], turns, speaker, note }: SceneParts,
): ScenePrompt {
  const write = (text: string): number[] => Array.from(model.tokenize(text));
  const prefix = scriptPrefix(model, persona, at);
  const spoken = turns.map(scriptSpeech);
  const last = turns.at(-1)?.text ?? '';
  const label = speaker === undefined ? [] : write(scriptLabel(speaker));
  const tokens = [
    ...prefix,
    ...spoken.slice(0, -1).flatMap(write),
    ...(speaker && recalled.length > 0
      ? write(memories({ name: speaker, template: persona?.template }, recalled, last))
      : []),
    ...(speaker && note !== undefined
      ? write(filled(templateFor(persona).script.note, { label: speaker, note: oneLine(note) }))
      : []),
    ...spoken.slice(-1).flatMap(write),
    ...label,
  ];
  return {
    tokens: Int32Array.from(tokens),
    prefixLength: prefix.length,
    turnFrom: speaker === undefined ? undefined : tokens.length - label.length,
    stop: [paragraphEnd],
    continuation: (text) => model.tokenize(speaker === undefined ? `${text}.` : scriptWords(text)),
  };
}

/** What a page begins with. A text never begins with nothing before it: what comes first is scored like the rest. */
export function scriptPrefix(
  model: PromptModel,
  persona: Persona | undefined,
  at: Place | undefined,
): readonly number[] {
  if (persona) return scriptLayout(model, persona, at).prefix;
  const { addsStart, start } = model.info;
  return addsStart ? [start] : Array.from(model.tokenize('\n'));
}

export const scriptLabel = (speaker: string): string => `${speaker}.`;
/** What follows a label. */
export const scriptWords = (text: string): string => ` ${oneLine(text)}`;

/** A turn on the page. */
export const scriptSpeech = ({ speaker, text }: { speaker: string; text: string }): string =>
  `${scriptLabel(speaker)}${scriptWords(text)}${paragraphEnd}`;

/** What is said to a speaker to whom nobody has spoken. */
export const silence = '…';

function chatScene(
  model: PromptModel,
  template: ChatTemplate,
  { persona, at, recalled = [], turns, speaker, note }: SceneParts,
): ScenePrompt {
  const prefix = chatPrefix(model, template, persona, at);
  const said = messages(turns, speaker);
  const asked = said.pop()!.text;
  const shown = persona ?? { displayName: displayName(speaker ?? '') };
  const opening = tokensOf(model, template.open);
  const tokens = [
    ...prefix,
    ...said.flatMap(({ side, text }) => chatMessage(model, template[side], text)),
    ...chatMessage(model, template.visitor, questionText(shown, asked, recalled, note)),
    ...opening,
  ];
  return {
    tokens: Int32Array.from(tokens),
    prefixLength: prefix.length,
    turnFrom: speaker === undefined ? undefined : tokens.length - opening.length,
    stop: [paragraphEnd],
    continuation: (text) =>
      model.tokenize(speaker === undefined ? `${displayName(text)}:` : oneLine(text)),
  };
}

/** What a chat begins with. */
export function chatPrefix(
  model: PromptModel,
  template: ChatTemplate,
  persona: Persona | undefined,
  at: Place | undefined,
): readonly number[] {
  if (persona) return chatLayout(model, template, persona, at).prefix;
  const { addsStart, start } = model.info;
  return addsStart ? [start] : [];
}

export const chatMessage = (
  model: PromptModel,
  { before, after }: Frame,
  text: string,
): readonly number[] => tokensOf(model, [...before, text, ...after]);

/** A turn of somebody else in the user's message: a stranger's stands without a name. */
export function chatLine({ speaker, text }: { speaker: string; text: string }): string {
  const words = oneLine(text);
  return speaker === stranger ? words : `${displayName(speaker)}: ${words}`;
}

interface Message {
  readonly side: 'visitor' | 'character';
  readonly text: string;
}

/** Turns in a row by the same side are one message; the last is the visitor's. */
function messages(turns: SceneParts['turns'], speaker: string | undefined): Message[] {
  const all: Message[] = [];
  for (const turn of turns) {
    const side = turn.speaker === speaker ? 'character' : 'visitor';
    const text = side === 'character' ? oneLine(turn.text) : chatLine(turn);
    const last = all.at(-1);
    if (last?.side === side) all[all.length - 1] = { side, text: `${last.text}\n${text}` };
    else all.push({ side, text });
  }
  if (all[0]?.side === 'character') all.unshift({ side: 'visitor', text: silence });
  if (all.at(-1)?.side !== 'visitor') all.push({ side: 'visitor', text: silence });
  return all;
}
