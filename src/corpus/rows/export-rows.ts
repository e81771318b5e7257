import { formatPlace } from '../../play/place.ts';
import { chatLine, silence } from '../../prompt/chat-layout.ts';
import type { Persona } from '../../prompt/prompt.ts';
import { scriptSpeech } from '../../prompt/script-layout.ts';
import type { TrainingRow } from './training-row.ts';

/** Formats that trainers elsewhere read. */
export const exportFormats = ['chat', 'sharegpt', 'alpaca', 'text'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/**
 * A row in a format of others: the text of a line of JSON each, or for `text` a page with an empty line after it.
 *
 * Words and who says them stay, with where they are from; weights are lost, and a row that unlearns gives nothing: no
 * such format can say it. Alpaca has a line for each answer, the others one for the row.
 *
 * @param persona Of whom the row teaches.
 */
export function exportRow(row: TrainingRow, format: ExportFormat, persona: Persona): string[] {
  if (unlearns(row)) return [];
  if (format === 'text') return [row.turns.map(scriptSpeech).join('')];
  const source = row.source ?? sourceOf(row);
  if (format === 'alpaca') return alpaca(row, persona, source);
  const system = row.shows.persona ? [persona.description] : [];
  const said = messages(row);
  const record =
    format === 'chat'
      ? {
          messages: [
            ...system.map((content) => ({ role: 'system', content })),
            ...said.map(({ isOwn, text }) => ({
              role: isOwn ? 'assistant' : 'user',
              content: text,
            })),
          ],
        }
      : {
          conversations: [
            ...system.map((value) => ({ from: 'system', value })),
            ...said.map(({ isOwn, text }) => ({ from: isOwn ? 'gpt' : 'human', value: text })),
          ],
        };
  return [JSON.stringify({ ...record, speaker: row.speaker, source })];
}

/** "hamlet 3.1.56 to 3.1.88 (662f98ffb9fa)". */
function sourceOf({ play, edition, from, to }: TrainingRow): string {
  const places = [from, to].flatMap((place) => (place ? [formatPlace(place)] : []));
  return `${play} ${[...new Set(places)].join(' to ')} (${edition.slice(0, 12)})`;
}

/** Whether it has words that are to become less likely. */
export function unlearns({ turns }: TrainingRow): boolean {
  return turns.some(({ lossWeight }) => lossWeight < 0);
}

function alpaca({ turns, speaker }: TrainingRow, persona: Persona, source: string): string[] {
  return turns.flatMap(({ text, lossWeight }, i) => {
    if (lossWeight === 0) return [];
    const before = turns.slice(0, i).map(({ speaker, text }) => `${speaker}. ${text}`);
    const record = {
      instruction: `Answer as ${persona.displayName} in ${persona.playTitle}.`,
      input: before.join('\n'),
      output: text,
      speaker,
      source,
    };
    return [JSON.stringify(record)];
  });
}

interface Said {
  readonly isOwn: boolean;
  readonly text: string;
}

/** Messages as `scenePrompt` has them in a chat: the others named, turns in a row by one side in one message. */
function messages({ turns, speaker }: TrainingRow): Said[] {
  const all: Said[] = [];
  for (const turn of turns) {
    const isOwn = turn.speaker === speaker;
    const text = isOwn ? turn.text : chatLine(turn);
    const last = all.at(-1);
    if (last?.isOwn === isOwn) all[all.length - 1] = { isOwn, text: `${last.text}\n${text}` };
    else all.push({ isOwn, text });
  }
  return all[0]?.isOwn ? [{ isOwn: false, text: silence }, ...all] : all;
}
