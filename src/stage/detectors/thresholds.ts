import { readFileSync } from 'node:fs';
import { withoutScenes } from '../../corpus/splits/without-scenes.ts';
import type { CastMember, Play } from '../../play/play.ts';
import { VoiceRatio } from '../../steer/levers/voice-ratio.ts';
import { type PlayedScene, playedScenes } from '../played-scene.ts';
import type { Attempt } from './attempts.ts';
import { cycle } from './cycle.ts';
import { lookBack } from './detector.ts';
import { isEcho } from './echo.ts';
import { alternating } from './lock.ts';
import { openedAlike } from './opening.ts';
import { isRepeat } from './repeat.ts';
import { isStalled } from './stall.ts';
import { voiceTurns } from './voice.ts';

/** Limits of the detectors by their names, and what they were read off. */
export interface StageThresholds {
  /** sha256 of each play's text, by its id. */
  readonly plays: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, number>>;
}

let noted: StageThresholds | undefined;

/** What data/stage-thresholds.json says. */
export function stageThresholds(): StageThresholds {
  const path = new URL('../../../data/stage-thresholds.json', import.meta.url);
  noted ??= JSON.parse(readFileSync(path, 'utf8')) as StageThresholds;
  return noted;
}

/** A play whose scenes the limits are read off. */
export interface MeasuredPlay {
  readonly id: string;
  readonly sha256: string;
  readonly play: Play;
}

/** Two farewells in a row are a pair: more than one. Seven pairs stand in both plays. */
const oneFarewell = 1;
/**
 * The limits of the detectors by the scenes of some plays: 99 of 100 turns are within them. Of turns between two people
 * alone it is 95 of 100 runs, of voices all but 5 of 100, each
 * learnt from the other scenes.
 *
 * @param cycleLimit What `measureCycle` gives: it takes an embedding model.
 */
export function measureThresholds(
  plays: readonly MeasuredPlay[],
  cycleLimit: number,
): StageThresholds {
  const scenes = plays.flatMap(({ play }) => playedScenes(play).map(attemptsIn));
  const inWindow = (is: (attempts: readonly Attempt[], at: number) => boolean) =>
    scenes.flatMap((attempts) => {
      const flags = attempts.map((_, at) => is(attempts, at));
      return flags.map(
        (_, at) => flags.slice(Math.max(0, at - lookBack + 1), at + 1).filter(Boolean).length,
      );
    });
  return {
    plays: Object.fromEntries(plays.map(({ id, sha256 }) => [id, sha256])),
    limits: {
      repeat: percentile(inWindow(isRepeat), 0.99),
      opening: percentile(scenes.flatMap(openings), 0.99),
      echo: percentile(inWindow(isEcho), 0.99),
      cycle: cycleLimit,
      lock: percentile(scenes.flatMap(runsIn), 0.95),
      farewell: oneFarewell,
      voice: rounded(
        percentile(
          plays.flatMap(({ play }) => voicesIn(play)),
          0.05,
        ),
      ),
      stall: percentile(scenes.flatMap(stalls), 0.99),
    },
  };
}

/**
 * The limit of how alike in meaning turns are to turns before them: 99 of 100 turns of the plays are within it.
 *
 * @param embed Vectors of texts, in their order.
 */
export async function measureCycle(
  plays: readonly MeasuredPlay[],
  embed: (texts: readonly string[]) => Promise<readonly Float32Array[]>,
): Promise<number> {
  const values: number[] = [];
  for (const scene of plays.flatMap(({ play }) => playedScenes(play))) {
    const attempts = attemptsIn(scene);
    const vectors = await embed(scene.turns.map(({ text }) => text));
    const vectorOf = (n: number): Float32Array | undefined => vectors[n - 1];
    for (let length = 1; length <= attempts.length; length++) {
      const reading = cycle.read({ attempts: attempts.slice(0, length), onStage: [], vectorOf });
      if (reading) values.push(reading.value);
    }
  }
  return rounded(percentile(values, 0.99));
}

/** The turns of a scene of a play, as if a model had spoken them. */
function attemptsIn({ turns }: PlayedScene): readonly Attempt[] {
  return turns.map(({ speaker, text, present }, i) => ({
    who: speaker,
    text,
    playedBy: 'model',
    struck: [],
    n: i + 1,
    onStage: present.length,
  }));
}

/** How long turns go back to who spoke before last, while a third is there, each time that they begin to. */
function runsIn(attempts: readonly Attempt[]): readonly number[] {
  const lengths = attempts.map((_, at) => alternating(attempts.slice(0, at + 1)));
  return lengths.filter((length, at) => length > 0 && (lengths[at + 1] ?? 0) <= length);
}

/** For each turn how many of eight begin as it does. */
function openings(attempts: readonly Attempt[]): readonly number[] {
  return attempts.map((_, at) => openedAlike(attempts.slice(0, at + 1)).length);
}

/** For each turn how many turns of nothing or of one word in a row end with it. */
function stalls(attempts: readonly Attempt[]): readonly number[] {
  let length = 0;
  return attempts.map((_, at) => {
    length = isStalled(attempts, at) ? length + 1 : 0;
    return length;
  });
}

/** How much each four turns of a speaker in a scene sound like them, by what they say in the other scenes. */
function voicesIn(play: Play): readonly number[] {
  return playedScenes(play).flatMap((scene) => {
    const others = withoutScenes(play, (name) => name === scene.scene);
    return play.cast.flatMap((member) => voicesOf(member, scene, others));
  });
}

function voicesOf(member: CastMember, { turns }: PlayedScene, others: Play): readonly number[] {
  const own = turns.filter(({ speaker }) => speaker === member.name);
  if (own.length < voiceTurns) return [];
  const ratio = new VoiceRatio(others, member);
  return own.slice(voiceTurns - 1).map((_, i) => {
    const four = own.slice(i, i + voiceTurns).map(({ text }) => text);
    return ratio.of(four.join(' '));
  });
}

/** The smallest of some numbers that a share of them does not exceed. */
function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
