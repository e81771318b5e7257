import { readFileSync } from 'node:fs';
import type { Source } from '../corpus/source.ts';
import type { SplitPart } from '../corpus/splits/scene-split.ts';
import { isCollective, singular } from '../play/cast/label.ts';
import { type PlayedScene, type PlayedTurn, playedScenes } from './played-scene.ts';

/** A place of a play at which some people can begin to talk: an item of the benchmark of two and of four. */
export interface StageSituation {
  /** Such as "hamlet 3.1.102 two". */
  readonly id: string;
  /** Id of the play in the catalogue. */
  readonly play: string;
  /** Place of the first speech that is not shown. */
  readonly at: string;
  /** Cast names, who speaks most in the play's own scene first. */
  readonly cast: readonly string[];
  /** The part of the play that its scene is in: nothing learnt may be judged by one of train. */
  readonly split: SplitPart;
}

/** How many people a situation may be for, with how many turns of the play it is found by. */
const kinds = [
  { name: 'two', people: 2, turns: 12 },
  { name: 'four', people: 4, turns: 24 },
] as const;
/** How many situations there are of each kind, and how many at most of the parts that nothing is learnt from. */
const wanted = 20;
const mostOf = { holdout: 8, dev: 3, train: wanted } as const;
/** Turns of the play that a situation opens with. */
const opening = 2;

let noted: readonly StageSituation[] | undefined;

/** The situations of data/situations.jsonl: 20 for two, then 20 for four. */
export function situations(): readonly StageSituation[] {
  const path = new URL('../../data/situations.jsonl', import.meta.url);
  noted ??= readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as StageSituation);
  return noted;
}

/**
 * Situations for two and for four people, by rule from the scenes of some plays. Every quarter of a stretch of 12 or 24 turns
 * a new one begins; of each, those who are on stage before it begins and speak most in it are the cast. The stretches of which the
 * cast speaks most are taken, each cast once, of all plays alike, parts that nothing is learnt from first.
 */
export function makeSituations(plays: readonly Source[]): readonly StageSituation[] {
  return kinds.flatMap(({ name, people, turns }) => {
    const found = plays
      .flatMap((source) =>
        playedScenes(source.play).flatMap((scene) => stretchesOf(source, scene, people, turns)),
      )
      .sort((a, b) => b.own - a.own || b.words - a.words || (a.id < b.id ? -1 : 1));
    const casts = new Set<string>();
    const fresh = found.filter(({ play, cast }) => {
      const key = JSON.stringify([play, [...cast].sort()]);
      return casts.size < casts.add(key).size;
    });
    const taken = (['holdout', 'dev', 'train'] as const).flatMap((part) =>
      byTurns(fresh.filter(({ split }) => split === part)).slice(0, mostOf[part]),
    );
    return taken
      .slice(0, wanted)
      .map(({ own: _, words: __, id, ...rest }) => ({ id: `${id} ${name}`, ...rest }));
  });
}

interface Stretch extends StageSituation {
  /** How many of its turns the cast speaks, and how many words. */
  readonly own: number;
  readonly words: number;
}

/** The first of each play, then the second of each, and so on. */
function byTurns(list: readonly Stretch[]): readonly Stretch[] {
  const seen = new Map<string, number>();
  return list
    .map((one) => {
      const nth = seen.get(one.play) ?? 0;
      seen.set(one.play, nth + 1);
      return { one, nth };
    })
    .sort((a, b) => a.nth - b.nth)
    .map(({ one }) => one);
}

function stretchesOf(
  { id, split }: Source,
  { scene, turns }: PlayedScene,
  people: number,
  length: number,
): readonly Stretch[] {
  const found: Stretch[] = [];
  for (let at = opening; at < turns.length; at += length / 4) {
    const stretch = turns.slice(at, at + length);
    const cast = castOf(stretch, people);
    const before = turns.slice(at - opening, at);
    const haveHeard = before.every(({ present }) => cast.every((name) => present.includes(name)));
    if (stretch.length < length / 2 || cast.length < people || !haveHeard) continue;
    const own = stretch.filter(({ speaker }) => cast.includes(speaker));
    const { place } = stretch[0]!;
    found.push({
      ...{ id: `${id} ${place}`, play: id, at: place, cast },
      split: split.partOf(scene),
      own: own.length,
      words: own.reduce((sum, one) => sum + one.words, 0),
    });
  }
  return found;
}

/** Those who speak most in some turns and are there when they begin. */
function castOf(turns: readonly PlayedTurn[], people: number): readonly string[] {
  const here = turns[0]!.atStart.filter((name) => !isCollective(name) && !isMany(name));
  return here
    .map((name) => {
      const own = turns.filter(({ speaker }) => speaker === name);
      return { name, turns: own.length, words: own.reduce((sum, one) => sum + one.words, 0) };
    })
    .filter((one) => one.turns > 0)
    .sort((a, b) => b.turns - a.turns || b.words - a.words || (a.name < b.name ? -1 : 1))
    .slice(0, people)
    .map(({ name }) => name);
}

/** Whether a name stands for several people: "LORDS". */
function isMany(name: string): boolean {
  const role = name.split(' ').at(-1)!;
  return singular(role) !== role;
}
