import type { Source } from '../../corpus/source.ts';
import type { SplitPart } from '../../corpus/splits/scene-split.ts';
import type { Row, Values } from '../../measure/row.ts';
import { spokenTexts, type TrainText, trainText } from '../../measure/text/train-text.ts';
import { loadPronunciations } from '../../play/verse/syllables.ts';
import {
  isPentameter,
  isProse,
  type Layout,
  pentameterShare,
  versesOf,
  windowsOf,
} from '../../play/verse/verses.ts';
import type { Task } from '../task.ts';
import { type AskedItem, askedItems, askedRequest, replyOf, spoken } from './asked.ts';
import { summaries } from './summaries.ts';

export interface MetreItem extends AskedItem {
  /** Prose of anybody in the item's part of the play, in one paragraph. */
  readonly prose: string;
}

/** In words: as much prose as a reply has. */
const proseWords = 72;

/**
 * Does a character speak in metre as the play has it? Twenty questions; how many lines of the answers may be said in ten or
 * eleven syllables, against the character's own lines in training counted alike. Who speaks verse is to speak verse, and
 * who speaks prose is not.
 *
 * An answer without line breaks is cut into windows of eight words and held against windows of the character's words: verse
 * that is printed as prose cannot be told from prose better than that.
 *
 * Floor: windows of prose, .42 in Hamlet and .36 in Macbeth. Ceiling: whole verse lines, .87 and .81; a character's own
 * lines lie below, as half lines and prose are among them. A band and no reward: nothing is gained by more verse than theirs.
 */
export const metre: Task<MetreItem> = {
  name: 'metre',
  version: 1,
  summary: summaries.metre,
  metrics: [
    {
      name: 'like own',
      unit: 'share',
      higherIsBetter: true,
      floor: 0,
      ceiling: 1,
      of: (rows) => {
        const lines = sumOf(rows, 'lines');
        const gap = Math.abs(sumOf(rows, 'pentameters') - sumOf(rows, 'expected'));
        // Who says nothing has no metre at all.
        return lines === 0 ? 0 : 1 - gap / lines;
      },
    },
    {
      name: 'ten or eleven',
      unit: 'share',
      higherIsBetter: null,
      of: (rows) => sumOf(rows, 'pentameters') / sumOf(rows, 'lines'),
      weight: ({ values }) => values.lines ?? 0,
    },
    { name: 'in lines', unit: 'share', higherIsBetter: null, isBinary: true },
  ],
  anchors: [
    { name: 'original', answers: ({ words }) => spoken(words.original) },
    { name: 'original, other half', answers: ({ words }) => spoken(words.otherHalf) },
    { name: 'impostor', answers: ({ words }) => spoken(words.impostor) },
    { name: 'prose windows', answers: ({ prose }) => spoken(prose) },
    { name: 'shuffled', answers: ({ words }) => spoken(words.shuffled) },
    { name: 'empty', answers: () => spoken('') },
  ],
  invariants: [
    ['original', 'empty'],
    ['original, other half', 'empty'],
  ],
  prepare: loadPronunciations,
  items(source) {
    const prose = new Map(parts.map((part) => [part, proseOf(source, part)]));
    return askedItems(source, this).map((item) => {
      const words = prose.get(source.split.partOf(item.scene))!;
      const at = words.length === 0 ? 0 : (item.number * proseWords) % words.length;
      return { ...item, prose: words.slice(at, at + proseWords).join(' ') };
    });
  },
  requests: (item) => [askedRequest(item)],
  measure({ speaker, train }, answers): Values {
    const { layout, pieces } = versesOf(replyOf(answers));
    if (pieces.length === 0) return { lines: 0, pentameters: 0, expected: 0 };
    return {
      lines: pieces.length,
      pentameters: pieces.filter(isPentameter).length,
      expected: pieces.length * ownShare(trainText(train), speaker, layout),
      'in lines': layout === 'lines' ? 1 : 0,
    };
  },
};

const parts: readonly SplitPart[] = ['train', 'dev', 'holdout'];

function proseOf(source: Source, part: SplitPart): readonly string[] {
  return spokenTexts(source)
    .filter(({ scene, lines }) => source.split.partOf(scene) === part && isProse(lines))
    .flatMap(({ words }) => words);
}

const shares = new WeakMap<TrainText, Map<string, number>>();

/** Share of pentameters in the character's train speeches, laid out alike. */
function ownShare(text: TrainText, speaker: string, layout: Layout): number {
  const known = shares.get(text) ?? new Map<string, number>();
  shares.set(text, known);
  const key = `${layout} ${speaker}`;
  let share = known.get(key);
  if (share === undefined) {
    const own = text.by(speaker);
    const { pieces } =
      layout === 'lines'
        ? versesOf(own.flatMap(({ lines }) => lines).join('\n'))
        : windowsOf(own.flatMap(({ words }) => words));
    share = pieces.length === 0 ? 0 : pentameterShare(pieces);
    known.set(key, share);
  }
  return share;
}

function sumOf(rows: readonly Row<MetreItem>[], value: string): number {
  return rows.reduce((sum, { values }) => sum + (values[value] ?? 0), 0);
}
