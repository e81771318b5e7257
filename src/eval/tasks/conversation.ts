import type { Source } from '../../corpus/source.ts';
import type { Spread } from '../../measure/metric.ts';
import type { Item, Values } from '../../measure/row.ts';
import { prng, seedOf, shuffled } from '../../measure/statistics/prng.ts';
import { properNames } from '../../play/proper-names.ts';
import { sceneTurns, type Turn } from '../../play/scene-turns.ts';
import { words } from '../../play/words.ts';
import { guardedPlay } from '../../stage/guards/guarded-play.ts';
import { itemId } from '../item-id.ts';
import type { Anchor, Task } from '../task.ts';
import {
  type ConversationFacts,
  type MeasuredTurn,
  turnMeasures,
  turnMetrics,
} from '../turn-measures.ts';
import { type TurnOrder, turnOrder } from '../turn-order.ts';
import { bayesOf } from './voice-bayes.ts';

/** A conversation of the play, as printed. */
export interface ConversationItem extends Item, ConversationFacts {
  readonly turns: readonly MeasuredTurn[];
  /** The turns with everybody's words in the next speaker's mouth. */
  readonly swapped: readonly MeasuredTurn[];
}

/** A stretch of a scene. */
export interface Stretch {
  readonly scene: string;
  readonly turns: readonly Turn[];
}

/** In words: whose voice is known. */
const enoughWords = 200;

const anchors: readonly Anchor<ConversationItem>[] = [
  {
    name: 'round robin',
    values: (item) => measured(item, (_, i) => item.speakers[i % item.speakers.length]!),
  },
  { name: 'ABA', values: (item) => measured(item, (_, i) => item.turns[i % 2]!.speaker) },
  {
    name: 'shuffled',
    values: (item) => {
      const order = shuffled(item.turns, prng(seedOf('shuffled', item.id)));
      return measured(item, (_, i) => order[i]!.speaker, order);
    },
  },
  { name: 'swapped speakers', values: (item) => turnMeasures(item.swapped, item) },
];

/** By metric. Of the turns as printed, whoever is given them: who holds a conversation of their own has other items. */
const spreads: Readonly<Record<string, Spread<ConversationItem>>> = {
  'turn Gini': {
    label: 'share of the turns that a speaker has',
    of: ({ item: { turns, speakers } }) =>
      speakers.map((name) => turns.filter(({ speaker }) => speaker === name).length / turns.length),
  },
  'words per turn': {
    label: 'words of a turn',
    of: ({ item: { turns } }) => turns.map(({ text }) => words(text).length),
  },
};

/**
 * A task that reads conversations as printed. Its rows are the originals' figures, and what schedulers that know nothing
 * make of the same turns; transcripts are held against them.
 */
export function conversationTask(
  about: Pick<Task, 'name' | 'version' | 'summary' | 'invariants'>,
  stretchesOf: (scene: Stretch) => readonly Stretch[],
): Task<ConversationItem> {
  return {
    ...about,
    metrics: turnMetrics.map((metric) => ({ ...metric, spread: spreads[metric.name] })),
    anchors,
    items: (source) => itemsOf(source, about, stretchesOf),
    requests: () => [],
    measure: (item) => turnMeasures(item.turns, item),
  };
}

function itemsOf(
  source: Source,
  about: Pick<Task, 'name' | 'version'>,
  stretchesOf: (scene: Stretch) => readonly Stretch[],
): ConversationItem[] {
  const { play, sha256, character } = source;
  const names = properNames(play);
  const voiceOf = heldOutVoices(source);
  const orderOf = heldOutOrders(source);
  return sceneTurns(play)
    .flatMap(stretchesOf)
    .map(({ scene, turns }): ConversationItem => {
      const speakers = [...new Set(turns.map(({ speaker }) => speaker))];
      const { place } = turns[0]!;
      const spokenBy = (turn: Turn, speaker: string): MeasuredTurn => ({
        speaker,
        text: turn.text,
        voice: voiceOf({ ...turn, speaker }, speakers),
      });
      const next = (name: string): string =>
        speakers[(speakers.indexOf(name) + 1) % speakers.length]!;
      return {
        id: itemId(sha256, about, place, String(turns.length)),
        task: about.name,
        scene,
        place,
        speakers,
        turns: turns.map((turn) => spokenBy(turn, turn.speaker)),
        swapped: turns.map((turn) => spokenBy(turn, next(turn.speaker))),
        names: names.filter(({ person }) => speakers.includes(person)),
        order: orderOf(scene),
        guarded: guardedPlay(play),
      };
    })
    .filter(({ turns }) => !character || turns.some(({ speaker }) => speaker === character.name));
}

/** Figures of the same turns when others are said to speak them. */
function measured(
  item: ConversationItem,
  speakerOf: (turn: MeasuredTurn, i: number) => string,
  order = item.turns,
): Values {
  // A voice belongs to the words and their speaker: given to another it says nothing.
  const given = order.map((turn, i) => {
    const speaker = speakerOf(turn, i);
    return speaker === turn.speaker ? turn : { speaker, text: turn.text };
  });
  return turnMeasures(given, item);
}

/** By the fold that a scene is in: the order of speakers in all other folds. */
export function heldOutOrders({ play, split }: Source): (scene: string) => TurnOrder {
  const orders = new Map<number, TurnOrder>();
  return (scene) => {
    const fold = split.foldOf(scene);
    const order = orders.get(fold) ?? turnOrder(play, (other) => split.foldOf(other) === fold);
    orders.set(fold, order);
    return order;
  };
}

const judges = new WeakMap<Source, ReturnType<typeof makeVoices>>();

/**
 * Judges the turns of a play by naive Bayes that has not read their scene: share of the others among some speakers whose
 * voice fits a turn's words less than its speaker's; undefined if voices are unknown.
 */
export function heldOutVoices(source: Source): ReturnType<typeof makeVoices> {
  const judge = judges.get(source) ?? makeVoices(source);
  judges.set(source, judge);
  return judge;
}

function makeVoices(source: Source) {
  const voices = source.play.cast
    .filter(({ words }) => words >= enoughWords)
    .map(({ name }) => name);
  const judged = bayesOf(source, voices);
  return ({ speaker, place }: Turn, speakers: readonly string[]): number | undefined => {
    const likelihoods = judged.get(place);
    const others = speakers.flatMap((name) =>
      name === speaker || !voices.includes(name) ? [] : [likelihoods?.[voices.indexOf(name)]],
    );
    const own = likelihoods?.[voices.indexOf(speaker)];
    if (own === undefined || others.length === 0) return undefined;
    return others.filter((other) => other! < own).length / others.length;
  };
}
