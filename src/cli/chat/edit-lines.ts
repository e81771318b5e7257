import type { Conversation } from '../../actor/conversation.ts';
import type { Dialogue } from '../../actor/dialogue.ts';
import { VISITOR } from '../../prompt/prompt.ts';
import { UsageError } from '../failure.ts';

type Talk = Pick<Dialogue, 'actor' | 'conversation'>;

/** The visitor's last words; empty if there are none. */
export function lastWords({ conversation }: { readonly conversation: Conversation }): string {
  return conversation.turns.findLast(({ speaker }) => speaker === VISITOR)?.text ?? '';
}

/** The visitor's last words and what was answered, a line each: what one goes on after. */
export function lastExchange(talk: Talk): string[] {
  const { turns } = talk.conversation;
  const from = turns.findLastIndex(({ speaker }) => speaker === VISITOR);
  return turns.slice(Math.max(0, from)).map((turn) => labelled(talk, turn));
}

function labelled(
  { actor }: Pick<Talk, 'actor'>,
  { speaker, text }: { readonly speaker: string; readonly text: string },
): string {
  return `${speaker === VISITOR ? 'You' : actor.persona.displayName}: ${text}`;
}

/** Lines that `/edit` shows: the last of a longer conversation. */
const shownLines = 10;

/** The last lines with their numbers, for `/edit` without any. */
export function numberedLines(talk: Talk): string {
  const { turns } = talk.conversation;
  if (turns.length === 0) return 'Nothing has been said yet.';
  const from = Math.max(0, turns.length - shownLines);
  return [
    ...turns.slice(from).map((turn, i) => `${from + i + 1} ${labelled(talk, turn)}`),
    `/edit ${turns.length} and other words replaces the last line.`,
  ].join('\n');
}

/** What `/edit NUMBER WORDS` wants. */
export interface WantedEdit {
  /** Index of the line. */
  readonly at: number;
  readonly text: string;
  /** Whether the line is the visitor's, and so is answered anew. */
  readonly isAnswered: boolean;
}

/** @throws {UsageError} Without a number of a line, or without words. */
export function wantedEdit(
  { conversation: { turns } }: Pick<Talk, 'conversation'>,
  asked: string,
): WantedEdit {
  const [, number, text = ''] = /^(\d+)(?:\s+([\s\S]+))?$/.exec(asked) ?? [];
  const at = Number(number) - 1;
  const turn = turns[at];
  if (!turn || text === '') {
    const wanted = `the number of a line, from 1 to ${turns.length}, and its new words are wanted`;
    throw new UsageError(`/edit was given "${asked}"; ${wanted}`);
  }
  return { at, text, isAnswered: turn.speaker === VISITOR };
}

/**
 * Lists the answers to the visitor's last words, or picks the one of a number.
 *
 * @throws {UsageError} If there is no answer of that number.
 */
export async function alternativesCommand(
  { conversation, alternatives: line }: Pick<Dialogue, 'conversation' | 'alternatives'>,
  asked: string | undefined,
): Promise<string> {
  if (!line) return 'Your last words have not been answered yet.';
  const { alternatives, chosen } = line;
  if (asked === undefined) {
    const list = alternatives.map(
      ({ text, stop, isEdited }, at) =>
        `${at === chosen ? '*' : ' '} ${at + 1} ${text}${stop === 'cut' ? ' (stopped)' : ''}${isEdited ? ' (edited)' : ''}`,
    );
    const one = alternatives.length === 1 ? 'There is one answer; /regen draws another.' : '';
    return [...list, one || '/alternatives and a number picks one.'].join('\n');
  }
  const wanted = /^\d+$/.test(asked) ? alternatives[Number(asked) - 1] : undefined;
  if (!wanted) {
    throw new UsageError(
      `/alternatives was given "${asked}"; a number from 1 to ${alternatives.length} is wanted`,
    );
  }
  await conversation.choose(wanted.id);
  return `The answer is now: ${wanted.text}`;
}
