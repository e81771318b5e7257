import type { Source } from '../../corpus/source.ts';
import type { Metric } from '../../measure/metric.ts';
import type { Answer, Item, Values } from '../../measure/row.ts';
import { prng, seedOf, shuffled } from '../../measure/statistics/prng.ts';
import { sceneTurns, type Turn } from '../../play/scene-turns.ts';
import { firstPlace, reciprocalRank } from '../choice.ts';
import { itemId } from '../item-id.ts';
import type { Request, SceneTurn, Task } from '../task.ts';
import { turnsBefore } from '../turn-windows.ts';
import {
  distractors,
  isAnswer,
  type Reply,
  type ReplyPool,
  replyPools,
  type Tier,
  tiers,
} from './cue-candidates.ts';
import { wordOverlap } from './cue-overlap.ts';
import { summaries } from './summaries.ts';

export interface CueItem extends Item {
  /** Who replies. */
  readonly speaker: string;
  /** The scene right before the reply. */
  readonly context: readonly SceneTurn[];
  /** Turns of another scene, which the reply does not answer; empty if the part has no other scene. */
  readonly impostor: readonly SceneTurn[];
  /** A second unrelated context, used as the baseline of each candidate's score. */
  readonly baseline: readonly SceneTurn[];
  /** The right one first; then three of each tier, or none of a tier that has fewer. */
  readonly candidates: readonly CueCandidate[];
}

interface CueCandidate {
  readonly text: string;
  readonly tier: Tier | 'right';
  /** Likeness to the context by words alone. */
  readonly overlap: number;
}

const name = 'cue';
const version = 2;
/** Words of the scene that are shown. */
const contextWords = 120;
const distractorsPerTier = 3;

const share = (metric: string, floor: number): Metric<CueItem> => ({
  name: metric,
  unit: 'share',
  higherIsBetter: true,
  floor,
  ceiling: 1,
});

/**
 * Which of several lines answers what was just said: the true reply stands among three of each tier that are as long
 * as it. Wrong ones are other people's, the same person's in other scenes, or said in the same scene, which is the
 * hardest, for place and matter are the same.
 *
 * A reply's score is how much likelier the scene makes it than another scene does, per byte: log P(reply | scene) −
 * log P(reply | words from elsewhere). That cancels length, fluency and most of what a model knows by heart. Against an
 * empty page it would not: any dialogue at all makes some lines likelier than others, and the impostor row fell to .08
 * where chance is .25. Floor: .25 among four, .10 among ten.
 * Ceiling: 1. Word overlap with what is shown gets, on all pairs of Hamlet | Macbeth: .49 | .48 right against other
 * speakers, .47 | .44 against other scenes, .45 | .36 within the scene, .30 | .22 among ten.
 *
 * @see Zellers et al., "SWAG", 2018, for choosing what comes next among lines like it; Holtzman et al., "Surface Form
 * Competition", 2021, for the score.
 */
export const cue: Task<CueItem> = {
  name,
  version,
  summary: summaries.cue,
  metrics: [
    share('accuracy', 1 / 4),
    ...tiers.map((tier) => ({ ...share(tier, 1 / 4), isBinary: true })),
    { ...share('among ten', 1 / 10), isBinary: true },
    { ...share('MRR', 0.29), unit: 'score' },
    share('raw accuracy', 1 / 4),
  ],
  anchors: [
    { name: 'original', values: byScore((_, i) => (i === 0 ? 1 : 0)) },
    { name: 'word overlap', values: byScore(({ overlap }) => overlap) },
    { name: 'impostor', requests: (item) => ask(item, item.impostor) },
    { name: 'shuffled', requests: (item) => ask(item, wordsShuffled(item)) },
    { name: 'empty', values: byScore(() => 0) },
  ],
  invariants: [
    ['original', 'word overlap'],
    ['original', 'impostor'],
    ['original', 'shuffled'],
    ['original', 'empty'],
  ],
  items,
  requests: (item) => ask(item, item.context),
  measure,
};

/** Replies to another's turn in the same scene, both of at least four words. */
function items(source: Source): CueItem[] {
  const { play, character } = source;
  const poolOf = replyPools(source);
  const overlap = wordOverlap(play);
  return sceneTurns(play).flatMap(({ scene }) => {
    const pool = poolOf(scene);
    const answers = pool.replies.filter(isAnswer);
    const elsewhere = answers.filter((reply) => reply.scene !== scene);
    return answers
      .filter((reply) => reply.scene === scene)
      .filter(({ turn }) => !character || turn.speakers.includes(character.name))
      .map((right): CueItem => {
        const { turn } = right;
        const id = itemId(source.sha256, cue, turn.place);
        const context = contextOf(right);
        const overlapWithContext = overlap(context.map(({ text }) => text).join(' '));
        const candidates = candidatesFor(right, pool, right.at - context.length);
        return {
          id,
          task: name,
          scene,
          place: turn.place,
          speaker: speakerOf(turn, source),
          context,
          ...wrongContexts(elsewhere, candidates, id),
          candidates: candidates.map((one) => ({ ...one, overlap: overlapWithContext(one.text) })),
        };
      })
      .filter(({ candidates }) => candidates.length > 1);
  });
}

function contextOf({ turns, at }: Reply): SceneTurn[] {
  return turnsBefore(turns, at, contextWords);
}

type Candidate = Omit<CueCandidate, 'overlap'>;

function candidatesFor(right: Reply, pool: ReplyPool, shownFrom: number): Candidate[] {
  const wrong = tiers.flatMap((tier) => {
    const found = distractors(right, tier, { pool, shownFrom, count: distractorsPerTier });
    return found.length < distractorsPerTier ? [] : found.map(({ text }) => ({ text, tier }));
  });
  return [{ text: right.text, tier: 'right' }, ...wrong];
}

/** What stands before two replies elsewhere where no candidate is said; empty if there are none such. */
function wrongContexts(
  elsewhere: readonly Reply[],
  candidates: readonly Candidate[],
  id: string,
): Pick<CueItem, 'impostor' | 'baseline'> {
  const first = Math.floor(prng(seedOf(id, 'impostor'))() * elsewhere.length);
  const found: SceneTurn[][] = [];
  for (const reply of [...elsewhere.slice(first), ...elsewhere.slice(0, first)]) {
    const context = contextOf(reply);
    const page = context.map(({ text }) => text).join('\n');
    const isSaid = candidates.some(({ text }) => page.includes(text));
    // Not the very next ones: they share most of their words.
    const isNear = found.some((one) => one.some(({ text }) => page.includes(text)));
    if (!isSaid && !isNear) found.push(context);
    if (found.length === 2) break;
  }
  return { impostor: found[0] ?? [], baseline: found[1] ?? [] };
}

/** Who is taken to say a joint speech: the character it is about, else the first. */
function speakerOf({ speakers }: Turn, { character }: Source): string {
  return character && speakers.includes(character.name) ? character.name : speakers[0]!;
}

/**
 * The candidates after the context, and after words from elsewhere. The point in the story is where the scene begins,
 * so that items of a scene share what stands before it.
 */
function ask(
  { speaker, scene, candidates, baseline }: CueItem,
  turns: readonly SceneTurn[],
): Request[] {
  const continuations = candidates.map(({ text }) => text);
  return [turns, baseline].map((before) => ({
    kind: 'score',
    context: { kind: 'scene', turns: before, speaker, at: scene },
    continuations,
  }));
}

/** The context with its words in any order; each turn keeps its speaker and length. */
function wordsShuffled({ id, context }: CueItem): SceneTurn[] {
  const random = prng(seedOf(id, 'shuffled'));
  const all = shuffled(
    context.flatMap(({ text }) => text.split(' ')),
    random,
  );
  return context.map(({ speaker, text }) => ({
    speaker,
    text: all.splice(0, text.split(' ').length).join(' '),
  }));
}

function measure(item: CueItem, [after, elsewhere]: readonly Answer[]): Values {
  if (after?.kind !== 'score' || elsewhere?.kind !== 'score') return {};
  const gains = item.candidates.map(
    ({ text }, i) => (after.nats[i]! - elsewhere.nats[i]!) / Buffer.byteLength(text),
  );
  return { ...figures(item, gains), 'raw accuracy': figures(item, after.nats).accuracy! };
}

function byScore(score: (candidate: CueCandidate, index: number) => number) {
  return (item: CueItem): Values => {
    const values = figures(item, item.candidates.map(score));
    return { ...values, 'raw accuracy': values.accuracy! };
  };
}

function figures({ candidates }: CueItem, scores: readonly number[]): Values {
  const byTier = tiers.flatMap((tier) => {
    const among = scores.filter((_, i) => i === 0 || candidates[i]!.tier === tier);
    return among.length > 1 ? [[tier, firstPlace(among, (i) => i === 0)] as const] : [];
  });
  const accuracy = byTier.reduce((sum, [, value]) => sum + value, 0) / byTier.length;
  const isFull = byTier.length === tiers.length;
  return {
    accuracy,
    ...Object.fromEntries(byTier),
    ...(isFull && { 'among ten': firstPlace(scores, (i) => i === 0) }),
    ...(isFull && { MRR: reciprocalRank(scores, 0) }),
  };
}
