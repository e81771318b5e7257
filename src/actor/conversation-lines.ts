import { VISITOR } from '../prompt/prompt.ts';
import type {
  ConversationRecord,
  ConversationStart,
  KeptTurn,
  TurnRecord,
} from './conversation-record.ts';

/** One place in a conversation: the turn that counts there, and those that could stand in its place. */
export interface Line {
  /** At least one, in the order they were made. */
  readonly alternatives: readonly KeptTurn[];
  /** Index of the one that counts. */
  readonly chosen: number;
}

/** What the records of a journal come to. */
export interface Account {
  /** Undefined if the first record cannot be read. */
  readonly start: ConversationStart | undefined;
  readonly format: number;
  /** Empty if the visitor gave none. */
  readonly name: string;
  readonly lines: readonly Line[];
  /** Times of the first record and of the last about what was said; ISO 8601. */
  readonly begun: string;
  readonly last: string;
  /** Turns appended so far, whether they count or not: it numbers those without an id. */
  readonly appended: number;
}

export const emptyAccount: Account = {
  start: undefined,
  format: 3,
  name: '',
  lines: [],
  begun: '',
  last: '',
  appended: 0,
};

/** The turn that counts in a line. */
export function chosenOf({ alternatives, chosen }: Line): KeptTurn {
  return alternatives[chosen]!;
}

/** The account after one more record; one that names turns which count no longer changes nothing. */
export function advance(account: Account, record: ConversationRecord): Account {
  const next = { ...account, begun: account.begun || record.time, last: record.time };
  switch (record.kind) {
    case 'start': {
      const { kind: _, time: __, format, ...start } = record;
      return { ...next, start, format };
    }
    case 'turn':
      return withTurn(next, record);
    case 'undo':
      return { ...next, lines: next.lines.slice(0, Math.max(0, next.lines.length - record.turns)) };
    case 'removal':
      return { ...next, lines: without(next.lines, record.turns) };
    case 'alternative':
      return { ...next, lines: withAlternative(next.lines, record) };
    case 'choice':
      return { ...next, lines: withChoice(next.lines, record.turn) };
    case 'edit':
      return { ...next, lines: edited(next.lines, record) };
    case 'name':
      return { ...account, name: record.name }; // it is not gone on with
    default:
      return next; // of a newer Dramatis
  }
}

function withTurn(account: Account, record: TurnRecord & { readonly time: string }): Account {
  const { kind: _, time: __, worn, answers, id, ...turn } = record;
  const appended = account.appended + 1;
  const speaker = castName(account, turn.speaker);
  const kept = { ...turn, ...(worn && { adapters: worn }), speaker, id: id ?? `#${appended}` };
  const at = answers === undefined ? -1 : lineOf(account.lines, answers);
  const lines = account.lines.toSpliced(at < 0 ? account.lines.length : at + 1, 0, lineWith(kept));
  return { ...account, appended, lines };
}

/** A conversation of format 1 may have been gone on with since, under cast names. */
function castName({ format, start }: Account, speaker: string): string {
  if (format !== 1 || !start) return speaker;
  if (speaker === 'visitor') return VISITOR;
  return speaker === 'character' ? start.character : speaker;
}

const lineWith = (turn: KeptTurn): Line => ({ alternatives: [turn], chosen: 0 });

/** Index of the line in which a turn stands or could stand; -1 if it counts no longer. */
function lineOf(lines: readonly Line[], id: string): number {
  return lines.findIndex(({ alternatives }) => alternatives.some((turn) => turn.id === id));
}

function without(lines: readonly Line[], ids: readonly string[]): readonly Line[] {
  const removed = new Set(ids.map((id) => lineOf(lines, id)));
  return lines.filter((_, at) => !removed.has(at));
}

type RecordOf<K extends ConversationRecord['kind']> = Extract<
  ConversationRecord,
  { readonly kind: K }
>;

function withAlternative(
  lines: readonly Line[],
  { to, turn, isChosen }: RecordOf<'alternative'>,
): readonly Line[] {
  return lines.map((line, at) => {
    if (at !== lineOf(lines, to)) return line;
    const alternatives = [...line.alternatives, turn];
    return { alternatives, chosen: isChosen ? alternatives.length - 1 : line.chosen };
  });
}

function withChoice(lines: readonly Line[], id: string): readonly Line[] {
  return lines.map((line) => {
    const chosen = line.alternatives.findIndex((turn) => turn.id === id);
    return chosen < 0 ? line : { ...line, chosen };
  });
}

function edited(lines: readonly Line[], { removed, turns }: RecordOf<'edit'>): readonly Line[] {
  const places = removed.map((id) => lineOf(lines, id)).filter((at) => at >= 0);
  const at = places.length > 0 ? Math.min(...places) : lines.length;
  // Everything before the first that is removed stays, so that its index is right afterwards, too.
  return without(lines, removed).toSpliced(at, 0, ...turns.map(lineWith));
}
