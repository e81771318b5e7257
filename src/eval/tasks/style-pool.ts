import { words } from '../../play/words.ts';
import type { Row } from '../task.ts';
import { countWords, type WordCounts } from '../text/delta.ts';
import { type TrainText, trainText } from '../text/train-text.ts';
import { type VoiceReference, voiceReference } from '../text/voice-reference.ts';
import { type AskedItem, replyOf } from './asked.ts';

/** All answers of one speaker, as one text. */
export interface Pooled {
  readonly text: TrainText;
  readonly reference: VoiceReference;
  readonly rows: readonly Row<AskedItem>[];
  readonly words: number;
  readonly counts: readonly WordCounts[];
  /** How many of the speaker's particular words occur; NaN if there are none. */
  markerRecall(): number;
  /** Distinct-2 of the first so many pairs of words, none across two answers; NaN if there are fewer. */
  distinctPairs(count: number): number;
  meanOf(value: string): number;
}

/** Answers by speaker. Each is read once, however many draws of a bootstrap it is in. */
export function pooledBy(rows: readonly Row<AskedItem>[]): Pooled[] {
  const bySpeaker = new Map<string, Row<AskedItem>[]>();
  for (const row of rows) {
    const own = bySpeaker.get(row.item.speaker);
    if (own) own.push(row);
    else bySpeaker.set(row.item.speaker, [row]);
  }
  return [...bySpeaker.values()].map(pool);
}

function pool(rows: readonly Row<AskedItem>[]): Pooled {
  const read = rows.map(readOf);
  const { item } = rows[0]!;
  const text = trainText(item.train);
  const reference = voiceReference(text, item.speaker);
  return {
    text,
    reference,
    rows,
    words: read.reduce((sum, { counts }) => sum + counts.total, 0),
    counts: read.map(({ counts }) => counts),
    markerRecall() {
      let found = 0;
      for (const { markers } of read) found |= markers;
      return bitsSet(found) / reference.markers.length;
    },
    distinctPairs: (count) =>
      pairsOf(reference).distinct(
        read.map(({ pairs }) => pairs),
        count,
      ),
    meanOf: (value) =>
      rows.reduce((sum, { values }) => sum + (values[value] ?? 0), 0) / rows.length,
  };
}

/** What is read of an answer once. */
interface Read {
  readonly counts: WordCounts;
  /** A bit for each of the speaker's particular words, of which there are at most twelve. */
  readonly markers: number;
  readonly pairs: Int32Array;
}

const readings = new WeakMap<Row<AskedItem>, Read>();

function readOf(row: Row<AskedItem>): Read {
  const known = readings.get(row);
  if (known) return known;
  const { item, answers } = row;
  const reference = voiceReference(trainText(item.train), item.speaker);
  const own = words(replyOf(answers));
  const read = {
    counts: countWords(own, reference.scale),
    markers: reference.markers.reduce(
      (bits, marker, i) => (own.includes(marker) ? bits | (1 << i) : bits),
      0,
    ),
    pairs: pairsOf(reference).read(own),
  };
  readings.set(row, read);
  return read;
}

function bitsSet(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count++;
  return count;
}

/** Pairs of words as numbers: a bootstrap counts the different ones ten thousand times. */
class WordPairs {
  readonly #numbers = new Map<string, number>();
  /** By pair: the last count that has seen it. */
  #seen = new Int32Array(0);
  #round = 0;

  read(own: readonly string[]): Int32Array {
    return Int32Array.from(own.slice(1), (word, i) => {
      const pair = `${own[i]} ${word}`;
      const number = this.#numbers.get(pair) ?? this.#numbers.size;
      this.#numbers.set(pair, number);
      return number;
    });
  }

  /** The share of different ones among the first `count`. */
  distinct(texts: readonly Int32Array[], count: number): number {
    if (this.#seen.length < this.#numbers.size) {
      this.#seen = new Int32Array(2 * this.#numbers.size);
      this.#round = 0;
    }
    this.#round++;
    let different = 0;
    let left = count;
    for (const pairs of texts)
      for (let i = 0; i < pairs.length && left > 0; i++, left--) {
        const pair = pairs[i]!;
        if (this.#seen[pair] === this.#round) continue;
        this.#seen[pair] = this.#round;
        different++;
      }
    return left > 0 ? Number.NaN : different / count;
  }
}

const pairTables = new WeakMap<VoiceReference, WordPairs>();

function pairsOf(reference: VoiceReference): WordPairs {
  const table = pairTables.get(reference) ?? new WordPairs();
  pairTables.set(reference, table);
  return table;
}
