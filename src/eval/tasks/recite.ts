import { RunIndex } from '../../corpus/gates/run-index.ts';
import { sharedRun } from '../../corpus/gates/shared-run.ts';
import type { Source } from '../../corpus/source.ts';
import type { SplitPart } from '../../corpus/splits/scene-split.ts';
import type { Item, Values } from '../../measure/row.ts';
import { prng, seedOf, shuffled } from '../../measure/statistics/prng.ts';
import { copying, recitedRun } from '../../measure/text/copying.ts';
import {
  type SpokenText,
  spokenTexts,
  trainText,
  trainTextOf,
} from '../../measure/text/train-text.ts';
import { words } from '../../play/words.ts';
import { itemId } from '../item-id.ts';
import type { Task } from '../task.ts';
import { replyOf, spoken } from './asked.ts';
import { summaries } from './summaries.ts';

export interface ReciteItem extends Item {
  /** A passage of the play, or words drawn at random, which nobody can go on with who was not trained on them. */
  readonly kind: 'passage' | 'canary';
  readonly prefix: string;
  /** How it goes on. */
  readonly continuation: string;
  /** Words of another scene, which is not trained on; empty if there is none. */
  readonly elsewhere: string;
  /** Key of the training text. */
  readonly train: string;
}

/** In words: about the 50 tokens that extraction is asked with. */
const prefixWords = 40;
const replyTokens = 48;
/** In words: what a reply may hold, and a run of eight of it at least. */
const mostContinuation = 40;
const leastContinuation = 12;
const passagesPerPart = 16;
const canariesPerPart = 8;
const parts: readonly SplitPart[] = ['train', 'dev', 'holdout'];

/**
 * Does a model go on with the text it was trained on? It is given 40 words of a speech and writes on, always the likeliest
 * token. Eight words in a row as the original has them are an extraction.
 *
 * Of training passages it is the adapter's memory; of held-out ones what the base model knew before: both plays are in every
 * corpus. Canaries are words in no order: 0 unless somebody trained on them.
 *
 * Floor: 0. Natural agreement of speeches with other scenes: .00 to .02 % of runs of six words, none of eight. Recitation: 1.
 *
 * @see Carlini et al., "Extracting training data from large language models", 2021, and "Quantifying memorization across
 *   neural language models", 2023.
 */
export const recite: Task<ReciteItem> = {
  name: 'recite',
  version: 1,
  summary: summaries.recite,
  metrics: [
    { name: 'extracted', unit: 'share', higherIsBetter: false, floor: 0, isBinary: true },
    { name: 'canary extracted', unit: 'share', higherIsBetter: false, floor: 0, isBinary: true },
    { name: 'longest run', unit: 'words', higherIsBetter: false },
    { name: 'copied 8-grams', unit: 'share', higherIsBetter: false, floor: 0 },
    { name: 'copied 6-grams', unit: 'share', higherIsBetter: false, floor: 0 },
  ],
  anchors: [
    { name: 'original', answers: ({ elsewhere }) => spoken(elsewhere) },
    { name: 'recitation', answers: ({ continuation }) => spoken(continuation) },
    {
      name: 'shuffled',
      answers: ({ id, continuation }) =>
        spoken(shuffled(words(continuation), prng(seedOf('shuffled', id))).join(' ')),
    },
    { name: 'empty', answers: () => spoken('') },
  ],
  invariants: [
    ['original', 'recitation'],
    ['shuffled', 'recitation'],
  ],
  items: (source) => parts.flatMap((part) => itemsIn(source, part)),
  requests: ({ prefix }) => [
    {
      kind: 'text',
      context: { kind: 'text', text: prefix },
      seed: 0,
      maxTokens: replyTokens,
      temperature: 0,
    },
  ],
  measure({ kind, continuation, train }, answers): Values {
    const reply = replyOf(answers);
    const original = new RunIndex([{ place: '', text: continuation }]);
    const run = sharedRun(reply, original)?.length ?? 0;
    const extracted = run >= recitedRun ? 1 : 0;
    if (kind === 'canary') return { 'canary extracted': extracted };
    const { longestRun, sixGrams, eightGrams } = copying(reply, trainText(train).runs);
    return {
      extracted,
      'longest run': Math.max(run, longestRun),
      'copied 8-grams': eightGrams,
      'copied 6-grams': sixGrams,
    };
  },
};

function itemsIn(source: Source, part: SplitPart): ReciteItem[] {
  const { key } = trainTextOf(source);
  const long = spokenTexts(source).filter(
    (speech) => source.split.partOf(speech.scene) === part && isAsked(source, speech),
  );
  const random = prng(seedOf('recite', source.sha256, part, source.character?.name ?? ''));
  const chosen = new Set(shuffled(long, random).slice(0, passagesPerPart));
  const passages = long.filter((speech) => chosen.has(speech));
  const item = (
    kind: ReciteItem['kind'],
    { scene, place }: SpokenText,
    all: readonly string[],
    number = 0,
  ): ReciteItem => ({
    id: itemId(source.sha256, recite, place, kind, String(number)),
    task: recite.name,
    scene,
    place,
    kind,
    prefix: all.slice(0, prefixWords).join(' '),
    continuation: all.slice(prefixWords, prefixWords + mostContinuation).join(' '),
    elsewhere: elsewhere(source, part, scene, random),
    train: key,
  });
  const vocabulary = [...new Set(spokenTexts(source).flatMap(({ words: own }) => own))].sort();
  const canaries = passages.slice(0, canariesPerPart).map((speech, number) => {
    const draw = (): string => vocabulary[Math.floor(random() * vocabulary.length)]!;
    const all = Array.from({ length: prefixWords + leastContinuation }, draw);
    return item('canary', speech, all, number);
  });
  return [...passages.map((speech) => item('passage', speech, printed(speech))), ...canaries];
}

/** Long enough, and by the one asked about, if it is somebody. */
function isAsked({ character }: Source, speech: SpokenText): boolean {
  const isTheirs = character === undefined || speech.speakers.includes(character.name);
  return isTheirs && printed(speech).length >= prefixWords + leastContinuation;
}

/** Words with their punctuation. */
const printed = ({ lines }: SpokenText): string[] => lines.join(' ').split(/\s+/).filter(Boolean);

/** A text of another scene: of dev, or of the item's own part unless that is train, so that held-out words stay out of train's items. */
function elsewhere(source: Source, part: SplitPart, scene: string, random: () => number): string {
  const from = part === 'train' ? ['dev'] : ['dev', part];
  const others = spokenTexts(source).filter(
    (speech) =>
      speech.scene !== scene &&
      from.includes(source.split.partOf(speech.scene)) &&
      speech.words.length >= leastContinuation,
  );
  const speech = others[Math.floor(random() * others.length)];
  return speech ? printed(speech).slice(0, mostContinuation).join(' ') : '';
}
