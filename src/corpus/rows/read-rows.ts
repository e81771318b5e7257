import { DramatisError } from '../../errors.ts';
import { parsePlace } from '../../play/place.ts';
import { VISITOR } from '../../prompt/prompt.ts';
import type { Source } from '../source.ts';
import { rowId, rowKinds, type TrainingRow, type TrainingTurn } from './training-row.ts';

/** Rows of a file, and the line that each is from, counted from 1. */
export interface GivenRows {
  readonly rows: readonly TrainingRow[];
  readonly lines: readonly number[];
}

/** A larger weight is a mistake. */
const mostWeight = 10;

/**
 * Reads training data, a JSON object to a line:
 *
 * - our own rows, as `dramatis corpus --json` prints them: `{speaker, turns: [{speaker, text, lossWeight, place}], …}`; those
 *   of former programs too, which have `learn` for `lossWeight` and `instead` for `preferred`;
 * - messages: `{messages: [{role, content}]}`;
 * - ShareGPT: `{conversations: [{from, value}]}`;
 * - Alpaca: `{instruction, input, output}`.
 *
 * In the last three the character's are the words of the assistant; what a system message says is left out, since the
 * prompt builder says who the character is. Such rows have no places: they need a `source` to pass the data gate. Names and
 * places of our own rows are worked out again, not believed.
 *
 * @param source Of a character: whom the rows are to teach where they do not say.
 * @param file   What the text is called in messages.
 * @throws {DramatisError} DATA_REFUSED with the line that cannot be read.
 */
export function readRows(text: string, source: Source, file: string): GivenRows {
  const rows: TrainingRow[] = [];
  const lines: number[] = [];
  text.split('\n').forEach((line, i) => {
    if (line.trim() === '') return;
    try {
      rows.push(rowOf(JSON.parse(line), source));
      lines.push(i + 1);
    } catch (cause) {
      const isJson = !(cause instanceof SyntaxError);
      if (isJson && !(cause instanceof DramatisError)) throw cause;
      const why = isJson ? cause.message : 'is not JSON';
      throw new DramatisError('DATA_REFUSED', `line ${i + 1} of ${file} ${why}`, { cause });
    }
  });
  return { rows, lines };
}

type Json = Readonly<Record<string, unknown>>;

/** @param why What is wrong with a line, to go on after "line 3 of more.jsonl". */
const unreadable = (why: string): DramatisError => new DramatisError('DATA_REFUSED', why);

function rowOf(json: unknown, source: Source): TrainingRow {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw unreadable('is not an object');
  const record = json as Json;
  const speaker = optionalText(record, 'speaker') ?? source.character?.name;
  if (speaker === undefined) throw unreadable('does not say whom it teaches');
  const turns = turnsOf(record, speaker);
  const last = turns.findLastIndex(({ lossWeight }) => lossWeight !== 0);
  if (last < 0) throw unreadable('has nothing that is learnt');
  const kind = rowKinds.find((known) => known === record.kind) ?? 'given';
  const edition = optionalText(record, 'edition') ?? source.sha256;
  const kept = turns.slice(0, last + 1);
  const preferred = preferredOf(record);
  // What a contrast row unlearns may be said elsewhere: it stands where its speaker's own answer does.
  const said = kind === 'contrast' && preferred ? preferred.turns : kept;
  const places = said.flatMap(({ lossWeight, place }) =>
    lossWeight !== 0 && place !== undefined ? [place] : [],
  );
  const [from, to] = [places[0], places.at(-1)];
  const first = from === undefined ? undefined : parsePlace(from);
  return {
    id: rowId(edition, kind, speaker, kept),
    edition,
    play: optionalText(record, 'play') ?? source.id,
    speaker,
    kind,
    scene: first ? `${first.act}.${first.scene}` : sceneOf(record),
    from: first,
    to: to === undefined ? undefined : parsePlace(to),
    turns: kept,
    shows: showsOf(record),
    recalled: recalledOf(record),
    preferred,
    source: optionalText(record, 'source'),
  };
}

function turnsOf(record: Json, speaker: string): TrainingTurn[] {
  if (Array.isArray(record.turns)) return record.turns.map(ownTurn);
  if (Array.isArray(record.messages))
    return record.messages.flatMap((said) => message(said, 'role', 'content', speaker));
  if (Array.isArray(record.conversations))
    return record.conversations.flatMap((said) => message(said, 'from', 'value', speaker));
  if ('instruction' in record || 'output' in record) {
    const asked = [text(record, 'instruction'), optionalText(record, 'input') ?? ''];
    return [
      { speaker: VISITOR, text: asked.filter((part) => part !== '').join('\n'), lossWeight: 0 },
      { speaker, text: text(record, 'output'), lossWeight: 1 },
    ];
  }
  throw unreadable('has neither turns, messages, conversations nor an instruction');
}

function ownTurn(json: unknown): TrainingTurn {
  const turn = object(json, 'a turn');
  // Rows that former programs wrote call it "learn".
  const { lossWeight = turn.learn ?? 0 } = turn;
  if (typeof lossWeight !== 'number' || !(Math.abs(lossWeight) <= mostWeight))
    throw unreadable(
      `has a turn that weighs ${lossWeight}; from -${mostWeight} to ${mostWeight} it may`,
    );
  const place = optionalText(turn, 'place');
  if (place !== undefined) requireLine(place);
  const by = optionalText(turn, 'by');
  return { speaker: text(turn, 'speaker'), text: text(turn, 'text'), place, lossWeight, by };
}

/** Who speaks by the names of both families; nobody for what is not said in a scene. */
const sides: Readonly<Record<string, 'visitor' | 'character' | undefined>> = {
  user: 'visitor',
  human: 'visitor',
  assistant: 'character',
  gpt: 'character',
  model: 'character',
};

function message(json: unknown, who: string, what: string, speaker: string): TrainingTurn[] {
  const said = object(json, 'a message');
  const role = text(said, who);
  if (role === 'system') return [];
  const side = sides[role];
  if (!side) throw unreadable(`has a message of "${role}"`);
  const words = text(said, what);
  return side === 'character'
    ? [{ speaker, text: words, lossWeight: 1 }]
    : [{ speaker: VISITOR, text: words, lossWeight: 0 }];
}

function showsOf({ shows }: Json): TrainingRow['shows'] {
  const { persona = true, memory = false, directions = false } = (shows ?? {}) as Json;
  return { persona: persona === true, memory: memory === true, directions: directions === true };
}

/** Where a row stands that is not from the play, such as one of a digest. */
function sceneOf(record: Json): string | undefined {
  const scene = optionalText(record, 'scene');
  if (scene !== undefined) parsePlace(scene);
  return scene;
}

function recalledOf({ recalled }: Json): TrainingRow['recalled'] {
  if (recalled === undefined || recalled === null) return undefined;
  if (!Array.isArray(recalled) || !recalled.every((fact) => typeof fact === 'string'))
    throw unreadable('has something else than a list of texts under "recalled"');
  return recalled;
}

function preferredOf({ preferred, instead }: Json): TrainingRow['preferred'] {
  const given = preferred ?? instead;
  if (given === undefined || given === null) return undefined;
  const other = object(given, 'preferred');
  if (!Array.isArray(other.turns)) throw unreadable('has no turns under "preferred"');
  const scene = optionalText(other, 'scene');
  if (scene !== undefined) parsePlace(scene);
  return { scene, turns: other.turns.map(ownTurn) };
}

function object(json: unknown, what: string): Json {
  if (typeof json !== 'object' || json === null) throw unreadable(`has ${what} that is no object`);
  return json as Json;
}

function text(record: Json, key: string): string {
  const value = record[key];
  if (typeof value !== 'string') throw unreadable(`has no text under "${key}"`);
  return value;
}

function optionalText(record: Json, key: string): string | undefined {
  return record[key] === undefined || record[key] === null ? undefined : text(record, key);
}

function requireLine(place: string): void {
  if (!/^\d+\.\d+\.\d+$/.test(place)) throw unreadable(`has "${place}" for a place`);
}
