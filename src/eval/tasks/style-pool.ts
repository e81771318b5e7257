import type { Row } from '../../measure/row.ts';
import { countWords, type WordCounts } from '../../measure/text/delta.ts';
import { distinctShare } from '../../measure/text/diversity.ts';
import { findTrainText, type TrainText } from '../../measure/text/train-text.ts';
import { type VoiceReference, voiceReference } from '../../measure/text/voice-reference.ts';
import { words } from '../../play/words.ts';
import { type AskedItem, replyOf } from './asked.ts';

/** All answers of one speaker, as one text. */
export interface Pooled {
  readonly rows: readonly Row<AskedItem>[];
  readonly words: number;
  /** Missing for rows that were read from a file by a process that has not made items of the play. */
  readonly voice: PooledVoice | undefined;
  sumOf(value: string): number;
  /** Distinct-2 of the first so many pairs of words, none across two answers; NaN if there are fewer. */
  distinctPairs(count: number): number;
}

/** What takes the play to be told. */
export interface PooledVoice {
  readonly text: TrainText;
  readonly reference: VoiceReference;
  readonly counts: readonly WordCounts[];
  /** How many of the speaker's particular words occur; NaN if there are none. */
  markerRecall(): number;
}

/** In words: the order of fewer says nothing. */
export const leastFluent = 12;

/** Answers by speaker. Each is read once, however many draws of a bootstrap it is in. */
export function pooledBy(rows: readonly Row<AskedItem>[]): Pooled[] {
  return bySpeaker(rows).map(pool);
}

/** The rows of each speaker, in the order in which the speakers come up. */
export function bySpeaker<I extends AskedItem>(rows: readonly Row<I>[]): Row<I>[][] {
  const found = new Map<string, Row<I>[]>();
  for (const row of rows) {
    const own = found.get(row.item.speaker);
    if (own) own.push(row);
    else found.set(row.item.speaker, [row]);
  }
  return [...found.values()];
}

/** Gain of word order over the answers that are long enough, weighted by their words. */
export function orderGainOf({ rows }: { readonly rows: readonly Pick<Row, 'values'>[] }): number {
  let gain = 0;
  let total = 0;
  for (const { values } of rows) {
    if (values.gain === undefined) continue;
    gain += values.gain * values.words!;
    total += values.words!;
  }
  return gain / total;
}

function pool(rows: readonly Row<AskedItem>[]): Pooled {
  const sumOf = (value: string): number =>
    rows.reduce((sum, { values }) => sum + (values[value] ?? 0), 0);
  return {
    rows,
    words: sumOf('words'),
    sumOf,
    get voice() {
      return voiceOf(rows);
    },
    distinctPairs: (count) => distinctShare(rows.map(pairsOf), count),
  };
}

function voiceOf(rows: readonly Row<AskedItem>[]): PooledVoice | undefined {
  const { item } = rows[0]!;
  const text = findTrainText(item.train);
  if (!text) return undefined;
  const reference = voiceReference(text, item.speaker);
  const read = rows.map((row) => readOf(row, reference));
  return {
    text,
    reference,
    counts: read.map(({ counts }) => counts),
    markerRecall() {
      let found = 0;
      for (const { markers } of read) found |= markers;
      return bitsSet(found) / reference.markers.length;
    },
  };
}

/** What is read of an answer once. */
interface Read {
  readonly counts: WordCounts;
  /** A bit for each of the speaker's particular words, of which there are at most twelve. */
  readonly markers: number;
}

const readings = new WeakMap<Row<AskedItem>, Read>();

function readOf(row: Row<AskedItem>, { scale, markers }: VoiceReference): Read {
  let read = readings.get(row);
  if (!read) {
    const own = words(replyOf(row.answers));
    read = {
      counts: countWords(own, scale),
      markers: markers.reduce(
        (bits, marker, i) => (own.includes(marker) ? bits | (1 << i) : bits),
        0,
      ),
    };
    readings.set(row, read);
  }
  return read;
}

function bitsSet(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count++;
  return count;
}

const pairs = new WeakMap<Row<AskedItem>, Int32Array>();

/** Pairs of words as hashes, which a bootstrap counts ten thousand times: of a thousand two collide once in 8,000 texts. */
function pairsOf(row: Row<AskedItem>): Int32Array {
  let found = pairs.get(row);
  if (!found) {
    const own = words(replyOf(row.answers));
    found = Int32Array.from(own.slice(1), (word, i) => hash(`${own[i]} ${word}`));
    pairs.set(row, found);
  }
  return found;
}

/** FNV-1a of 32 bits. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  return state;
}
