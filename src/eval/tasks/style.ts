import type { Metric } from '../../measure/metric.ts';
import type { Row, Values } from '../../measure/row.ts';
import { recites } from '../../measure/text/copying.ts';
import { findTrainText, type TrainText, trainText } from '../../measure/text/train-text.ts';
import { voiceReference } from '../../measure/text/voice-reference.ts';
import { isFluent, orderGain } from '../../measure/text/word-order.ts';
import { addressForms } from '../../play/pronouns.ts';
import { words } from '../../play/words.ts';
import type { Task } from '../task.ts';
import {
  type AskedItem,
  askedAnchors,
  askedInvariants,
  askedItems,
  askedRequest,
  replyOf,
} from './asked.ts';
import { leastFluent, orderGainOf, type Pooled, type PooledVoice, pooledBy } from './style-pool.ts';
import { summaries } from './summaries.ts';

/** Up to the median of the speaker's own words nearer is better; nothing is gained by being more like them than they are. */
const median = 0.5;

/**
 * Does a character use words as in the play? Twenty questions, and one verdict on all the answers together: of a single
 * reply style tells next to nothing (AUC .55 to .60 at 100 words, .83 to .86 at 800).
 *
 * `voice` is how near the pooled words are to the character's, as a percentile of how near the character's own are to each
 * other by cosine Delta on 150 common words, doubled and capped at 1; times the share of answers that recite nothing; and 0
 * unless the words stand in an order. What stands in the item's own scene is not held against an answer, so that originals
 * are no recitation where training scenes are asked about. Without these gates a salad of the character's own words beats the author (.33 against
 * .05 in similarity), and so does recitation.
 *
 * Floor: 0, for no words or none in order. Another character has about .4, with wide scatter. Ceiling: 1; original words
 * that were held out come to about .8, as their percentile is .5 only on average.
 *
 * @see Smith and Aldridge, "Improving authorship attribution", 2011; Koppel and Winter, "Determining if two documents are
 *   written by the same author", 2014; Monroe, Colaresi and Quinn, "Fightin' Words", 2008.
 */
export const style: Task<AskedItem> = {
  name: 'style',
  version: 1,
  summary: summaries.style,
  metrics: [
    {
      name: 'voice',
      unit: 'share',
      higherIsBetter: true,
      floor: 0,
      ceiling: 1,
      of: (rows) => meanOf(rows, voiceOf),
    },
    voiced('percentile', 'score', null, ({ reference, counts }) => reference.percentile(counts)),
    voiced('impostors share', 'share', true, ({ reference, counts }) =>
      reference.impostorsShare(counts),
    ),
    voiced('Burrows’s Delta', 'score', false, ({ reference, counts }) =>
      reference.distance(counts),
    ),
    { name: 'fluent', unit: 'share', higherIsBetter: true, ceiling: 1, isBinary: true },
    { name: 'recited', unit: 'share', higherIsBetter: false, floor: 0, isBinary: true },
    pooled('order gain', 'score', null, orderGainOf),
    voiced('marker recall', 'share', true, (voice) => voice.markerRecall()),
    pooled('distinct-2 at 400', 'share', null, (pool) => pool.distinctPairs(400)),
    pooled('distinct-2 at 1,000', 'share', null, (pool) => pool.distinctPairs(1000)),
    {
      name: 'words',
      unit: 'words',
      higherIsBetter: null,
      spread: {
        label: 'words of a reply; original: of a speech in the train scenes',
        of: ({ values }) => [values.words!],
        printed: speechLengths,
      },
    },
    { name: 'length as own', unit: 'share', higherIsBetter: true, ceiling: 1, isBinary: true },
    pooled('thou per 1,000', 'score', null, perThousand('thou')),
    pooled('you per 1,000', 'score', null, perThousand('you')),
  ],
  anchors: askedAnchors,
  invariants: askedInvariants,
  items(source) {
    return askedItems(source, this);
  },
  requests: (item) => [askedRequest(item)],
  measure({ speaker, train, scene }, answers): Values {
    const text = trainText(train);
    const reply = replyOf(answers);
    const own = words(reply);
    const [shortest, longest] = voiceReference(text, speaker).lengths;
    return {
      words: own.length,
      'length as own': own.length >= shortest && own.length <= longest ? 1 : 0,
      recited: recites(reply, text.runs, scene) ? 1 : 0,
      ...fluencyOf(own, scene, text),
      ...addressForms(own),
    };
  },
};

/** Words of each speech in the train scenes of those who are asked; the row "original" is cut to a reply's length. */
function speechLengths(items: readonly AskedItem[]): number[] {
  const speakers = new Map(
    items.map(({ speaker, train }) => [`${train} ${speaker}`, { speaker, train }]),
  );
  return [...speakers.values()].flatMap(({ speaker, train }) =>
    (findTrainText(train)?.by(speaker) ?? []).map(({ words: own }) => own.length),
  );
}

function fluencyOf(own: readonly string[], scene: string, text: TrainText): Values {
  if (own.length < leastFluent) return {};
  const gain = orderGain(own, text.trigramsWithout(scene));
  return { gain, fluent: isFluent(gain, text.fluency) ? 1 : 0 };
}

function voiceOf(pool: Pooled): number {
  if (pool.words === 0) return 0;
  if (!pool.voice) return Number.NaN;
  const { text, reference, counts } = pool.voice;
  const gain = orderGainOf(pool);
  // Answers too short to have an order are too few words to tell a voice from: NaN, as the percentile is.
  if (!Number.isNaN(gain) && !isFluent(gain, text.fluency)) return 0;
  const near = Math.min(1, reference.percentile(counts) / median);
  return near * (1 - pool.sumOf('recited') / pool.rows.length);
}

function perThousand(form: 'thou' | 'you'): (pool: Pooled) => number {
  return (pool) => (1000 * pool.sumOf(form)) / pool.words;
}

/** A figure of all words of a speaker; with several speakers, the mean of those for whom it can be told. */
function pooled(
  name: string,
  unit: Metric['unit'],
  higherIsBetter: boolean | null,
  of: (pool: Pooled) => number,
): Metric<AskedItem> {
  return { name, unit, higherIsBetter, of: (rows) => meanOf(rows, of) };
}

/** A figure that takes the play to be told. */
function voiced(
  name: string,
  unit: Metric['unit'],
  higherIsBetter: boolean | null,
  of: (voice: PooledVoice) => number,
): Metric<AskedItem> {
  return pooled(name, unit, higherIsBetter, ({ voice }) => (voice ? of(voice) : Number.NaN));
}

function meanOf(rows: readonly Row<AskedItem>[], of: (pool: Pooled) => number): number {
  const figures = pooledBy(rows)
    .map(of)
    .filter((figure) => !Number.isNaN(figure));
  return figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
}
