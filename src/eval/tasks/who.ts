import type { Source } from '../../corpus/source.ts';
import type { Answer, Item, Row, Values } from '../../measure/row.ts';
import { normalQuantile } from '../../measure/statistics/normal.ts';
import { prng, seedOf, shuffled } from '../../measure/statistics/prng.ts';
import { properNames } from '../../play/proper-names.ts';
import { sceneTurns, type TurnScene } from '../../play/scene-turns.ts';
import { words } from '../../play/words.ts';
import { itemId } from '../item-id.ts';
import type { Request, SceneTurn, Task } from '../task.ts';
import { firstWords, turnsBefore } from '../turn-windows.ts';
import { summaries } from './summaries.ts';
import { whoBayes } from './who-bayes.ts';
import { whoSpeakers } from './who-speakers.ts';

export interface WhoItem extends Item {
  readonly speaker: string;
  /** Under whose labels the line is put, the speaker's among them; in the order of how much they say in the play. */
  readonly candidates: readonly string[];
  readonly context: readonly SceneTurn[];
  readonly text: string;
  /** Whether the line has a proper name in it, which may tell who does not speak. */
  readonly hasNames: boolean;
  /** By candidate: log-likelihood in nats of naive Bayes that has not read the scene. */
  readonly bayes: readonly number[];
}

/** A shorter line is anybody's. */
const leastWords = 8;
/** Words of a line that are scored, from its beginning: what a longer one adds costs more than it tells. */
const mostWords = 40;
/** Words of the scene that are shown before it. */
const contextWords = 40;
/** Others whose labels it is put under, drawn where more are on stage. */
const mostOthers = 3;
const nats = Math.LN2;

const share = { unit: 'share', higherIsBetter: true, floor: 0.5, ceiling: 1 } as const;

/**
 * Who says this? A line stands where it is said, once under its speaker's label and once under the label of each other
 * person on stage in the scene. The same words are compared with themselves in the same place, so neither the text's
 * difficulty nor its length counts, which are what "other minus own" of `bits` mostly sees.
 *
 * Accuracy is how often the line is likelier under the right label than under another, mean over the characters. Floor:
 * .5. Naive Bayes of words and pairs of words that has not read the scene, names out, gets .61 on all 38 plays (15,321
 * lines): Hamlet .65, Macbeth .55, from .55 to .73. With whole lines and everybody on stage it is .599 of 53,016 pairs.
 * That is what words alone tell, not a ceiling for who understands the scene. d′ is accuracy on a scale without ends;
 * bits a speech is what the right label gains
 * over another, which is no accuracy: whoever exaggerates has more of it.
 *
 * @see Macmillan and Creelman, "Detection Theory", 2005, for d′ of two alternatives.
 */
export const who: Task<WhoItem> = {
  name: 'who',
  version: 1,
  summary: summaries.who,
  metrics: [
    { name: 'accuracy', ...share, of: (rows) => macro(rows, 'won'), weight: weightOf('won') },
    {
      name: 'accuracy without names',
      ...share,
      of: (rows) => macro(rows, 'won without names'),
      weight: weightOf('won without names'),
    },
    {
      name: 'd′',
      unit: 'score',
      higherIsBetter: true,
      floor: 0,
      of: (rows) => sensitivity(rows),
      weight: weightOf('won'),
    },
    {
      name: 'bits a speech',
      unit: 'bits',
      higherIsBetter: true,
      floor: 0,
      of: (rows) => macro(rows, 'bits'),
      weight: weightOf('bits'),
    },
  ],
  anchors: [
    {
      name: 'original',
      answers: ({ candidates, speaker }) =>
        asAnswers(candidates.map((one) => (one === speaker ? 0 : -1))),
    },
    { name: 'naive Bayes', answers: ({ bayes }) => asAnswers(bayes) },
    {
      name: 'most talkative',
      answers: ({ candidates }) => asAnswers(candidates.map((_, i) => -i)),
    },
    { name: 'chance', answers: ({ candidates }) => asAnswers(candidates.map(() => 0)) },
  ],
  invariants: [['original', 'chance']],
  isOfPages: true,
  items,
  unitOf: ({ scene }) => scene,
  groupOf: ({ speaker }) => speaker,

  requests: ({ candidates, context, text }): Request[] =>
    candidates.map((speaker) => ({
      kind: 'score',
      context: { kind: 'scene', turns: context, speaker, isPage: true },
      continuations: [text],
    })),

  measure({ candidates, speaker, hasNames }, answers): Values {
    const scores = answers.map((answer) => (answer.kind === 'score' ? answer.nats[0]! : NaN));
    const own = scores[candidates.indexOf(speaker)]!;
    const others = scores.filter((_, i) => candidates[i] !== speaker);
    const won = mean(others.map((other) => (own === other ? 0.5 : Number(own > other))));
    return {
      won,
      ...(!hasNames && { 'won without names': won }),
      bits: mean(others.map((other) => own - other)) / nats,
    };
  },
};

function items(source: Source): WhoItem[] {
  const speakers = whoSpeakers(source.play);
  const named = new Set(properNames(source.play).map(({ word }) => word.toLowerCase()));
  const found = sceneTurns(source.play).flatMap((scene) => linesOf(source, scene, speakers));
  const bayes = whoBayes(source, speakers, found);
  return found.map(({ others, speaker, ...line }): WhoItem => {
    const candidates = speakers.filter((name) => name === speaker || others.includes(name));
    const judged = bayes.get(line.place)!;
    return {
      ...line,
      task: who.name,
      speaker,
      candidates,
      hasNames: words(line.text).some((word) => named.has(word)),
      bayes: candidates.map((name) => judged[speakers.indexOf(name)]!),
    };
  });
}

/** Lines of a scene that are asked about, and whose labels they are put under beside their own. */
function linesOf(
  { sha256, character }: Source,
  { scene, turns }: TurnScene,
  speakers: readonly string[],
) {
  const onStage = new Set(turns.flatMap(({ present }) => present));
  return turns.flatMap((turn, at) => {
    const { speaker, place, text } = turn;
    const isAsked = turn.words >= leastWords && speakers.includes(speaker);
    if (!isAsked || (character && character.name !== speaker)) return [];
    const all = speakers.filter((name) => name !== speaker && onStage.has(name));
    if (all.length === 0) return [];
    const id = itemId(sha256, who, place);
    return [
      {
        id,
        scene,
        place,
        speaker,
        others: shuffled(all, prng(seedOf(id, 'others'))).slice(0, mostOthers),
        context: turnsBefore(turns, at, contextWords),
        text: firstWords(text, mostWords),
      },
    ];
  });
}

const asAnswers = (scores: readonly number[]): Answer[] =>
  scores.map((value) => ({ kind: 'score', nats: [value], tokens: [1] }));

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function weightOf(name: string): (row: Row<WhoItem>) => number {
  return ({ values }) => Number(Number.isFinite(values[name]));
}

/** The mean over the characters of the mean of a character's lines: who says most does not count most. */
function macro(rows: readonly Row<WhoItem>[], name: string): number {
  const bySpeaker = new Map<string, { sum: number; n: number }>();
  for (const { item, values } of rows) {
    const value = values[name];
    if (value === undefined || Number.isNaN(value)) continue;
    const own = bySpeaker.get(item.speaker) ?? { sum: 0, n: 0 };
    own.sum += value;
    own.n++;
    bySpeaker.set(item.speaker, own);
  }
  return mean([...bySpeaker.values()].map(({ sum, n }) => sum / n));
}

/** d′ of the accuracy; who is always right is taken to have half a line wrong. */
function sensitivity(rows: readonly Row<WhoItem>[]): number {
  const least = 1 / (2 * rows.length);
  const accuracy = Math.max(least, Math.min(1 - least, macro(rows, 'won')));
  return Math.SQRT2 * normalQuantile(accuracy);
}
