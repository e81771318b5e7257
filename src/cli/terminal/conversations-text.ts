import { chosenOf } from '../../actor/conversation-lines.ts';
import type { ConversationRecord, SpokenTurn } from '../../actor/conversation-record.ts';
import type { FoundLine, PastConversation } from '../../actor/past-conversations.ts';
import { VISITOR } from '../../prompt/prompt.ts';
import { columns, fittedRow, minute } from './rows-text.ts';
import { printable } from './terminal-text.ts';
import { wrap } from './word-wrap.ts';

/** Lines that a search shows of one conversation. */
const mostFound = 3;
/** Characters that a search shows before the word found. */
const before = 20;

/** A line of at most 80 columns for each: id, time of the last turn, turns, whom with, and its name or first words. */
export function conversationsText(conversations: readonly PastConversation[]): string {
  return ['id      last              turns  with', ...conversations.map(row)].join('\n');
}

function row({ id, start, conversation }: PastConversation): string {
  const { name, turns, times } = conversation;
  const what = name === '' ? (turns[0]?.text ?? '') : `“${name}”`;
  const count = String(turns.length).padStart(5);
  return fittedRow(
    `${id}  ${minute(times.last)}  ${count}  ${start.character} (${start.play})  ${what}`,
  );
}

/** A conversation in one line: its id, its name, whom it is with and since when. */
export function headingText({ id, start, conversation }: PastConversation): string {
  const { name, times } = conversation;
  const called = name === '' ? '' : ` “${name}”`;
  return fittedRow(
    `${id}${called}, with ${start.character} of ${start.play}, begun ${minute(times.begun)}`,
  );
}

/** A heading and the first lines found, each from a little before the first word on. */
export function foundText(past: PastConversation, lines: readonly FoundLine[]): string {
  const shown = lines.slice(0, mostFound).map(({ at, speaker, text, from }) => {
    const excerpt = from > before ? `…${text.slice(from - before)}` : text;
    return fittedRow(`  ${String(at + 1).padStart(4)} ${nameOf(speaker)}: ${excerpt}`);
  });
  const more = lines.length - shown.length;
  return [headingText(past), ...shown, ...(more > 0 ? [`       and ${more} more`] : [])].join('\n');
}

/** The whole conversation, with the number of each line, and how many stand in its place. */
export function conversationText(past: PastConversation): string {
  const lines = past.conversation.lines.map((line, at) => {
    const { speaker, text, stop, isEdited } = chosenOf(line);
    const { alternatives, chosen } = line;
    const marks = [
      stop === 'cut' ? 'stopped' : '',
      isEdited ? 'edited' : '',
      alternatives.length > 1 ? `${chosen + 1} of ${alternatives.length}` : '',
    ].filter(Boolean);
    const mark = marks.length > 0 ? ` (${marks.join(', ')})` : '';
    return wrap(printable(`${at + 1} ${nameOf(speaker)}: ${text}${mark}`), columns);
  });
  return [headingText(past), '', ...lines].join('\n');
}

/** What a record of a conversation that is watched says, a line each; none where it says nothing to a reader. */
export function recordLines(record: ConversationRecord): string[] {
  const said = ({ speaker, text }: SpokenTurn, note = ''): string =>
    wrap(printable(`${nameOf(speaker)}: ${text}${note}`), columns);
  switch (record.kind) {
    case 'turn':
      return [said(record)];
    case 'alternative':
      return [
        said(record.turn, record.isChosen ? ' (in place of the last answer)' : ' (not kept)'),
      ];
    case 'edit':
      return record.turns.map((turn) => said(turn, ' (in place of what was said)'));
    case 'removal':
      return [`(${record.turns.length} taken back)`];
    default:
      return [];
  }
}

const nameOf = (speaker: string): string => (speaker === VISITOR ? 'You' : speaker);
