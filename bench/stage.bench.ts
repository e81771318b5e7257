import { median } from '#dramatis/median.js';
import { sceneTurns } from '#dramatis/stage/limits.js';
import type { StageState } from '#dramatis/stage/state.js';
import { Dramatis } from '#dramatis/workspace/dramatis.js';
import type { OpenedStage } from '#dramatis/workspace/open-stage.js';
import { type Row, rowOf } from './record.ts';

/** The small model and the larger one; `BENCH_MODELS`: others, with commas between. */
const models = (process.env.BENCH_MODELS ?? 'smollm2-135m,qwen2.5-coder-1.5b').split(',');
/** `BENCH_ROUNDS`: how often four scenes are played alone and at once, in turn. */
const rounds = Number(process.env.BENCH_ROUNDS ?? 2);
const four = ['hamlet', 'ophelia', 'claudius', 'gertrude'];
const seeds = [1, 2, 3, 4];
const window = 3072;

/**
 * Four characters who talk among themselves for 24 turns: seconds, time to a turn's first token, what is read anew; and four
 * such scenes at once, in steps that they share, beside the same one after another.
 */
export async function* run(): AsyncGenerator<Row> {
  using dramatis = await Dramatis.open({ hub: { offline: true }, compute: { gpu: 'off' } });
  for (const model of models) {
    using opened = await dramatis.model(model);
    const alone: { seconds: number; state: StageState }[] = [];
    const inTurn: number[] = [];
    const together: number[] = [];
    const agreements: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const one = await oneAfterAnother(dramatis, model);
      alone.push(...one);
      inTurn.push(one.reduce((sum, { seconds }) => sum + seconds, 0));
      using cache = await opened.model.cache({ window, sessions: seeds.length * four.length });
      const scenes = await Promise.all(seeds.map((seed) => open(dramatis, model, seed, cache)));
      const started = performance.now();
      const states = await Promise.all(scenes.map(played));
      together.push((performance.now() - started) / 1000);
      for (const scene of scenes) await scene[Symbol.asyncDispose]();
      agreements.push(...states.map((state, i) => agreement(one[i]!.state, state)));
    }
    const row = (name: string, unit: string, samples: readonly number[]): Row =>
      rowOf('stage', name, unit, samples, { model, turns: sceneTurns, characters: four.length });
    yield row(
      'one scene',
      's',
      alone.map(({ seconds }) => seconds),
    );
    yield row(
      'first token from turn 3 on',
      'ms',
      alone.map(({ state }) => firstToken(state)),
    );
    yield row(
      'reused from turn 3 on',
      'share',
      alone.map(({ state }) => reused(state)),
    );
    yield row('four scenes, one after another', 's', inTurn);
    yield row('four scenes at once', 's', together);
    yield row(
      'at once, times as fast',
      'ratio',
      inTurn.map((s, i) => s / together[i]!),
    );
    yield row('turns before a scene at once says other words', 'turns', agreements);
  }
}

type Cache = NonNullable<Parameters<Dramatis['stage']>[0]['cache']>;

function open(dramatis: Dramatis, model: string, seed: number, cache?: Cache) {
  return dramatis.stage({ names: four, at: '3.1', model, seed, ...(cache && { cache }) });
}

async function played({ stage }: OpenedStage): Promise<StageState> {
  for await (const _ of stage.run());
  return stage.state;
}

async function oneAfterAnother(dramatis: Dramatis, model: string) {
  const all: { seconds: number; state: StageState }[] = [];
  for (const seed of seeds) {
    await using scene = await open(dramatis, model, seed);
    const started = performance.now();
    const state = await played(scene);
    all.push({ seconds: (performance.now() - started) / 1000, state });
  }
  return all;
}

const spoken = ({ turns }: StageState) => turns.filter(({ playedBy }) => playedBy === 'model');

const firstToken = (state: StageState): number =>
  median(
    spoken(state)
      .slice(2)
      .map(({ ms }) => ms!.first),
  );

function reused({ counting }: StageState): number {
  const views = counting.flatMap((event) => (event.kind === 'view' ? [event] : [])).slice(2);
  const total = (of: 'reused' | 'tokens'): number => views.reduce((sum, one) => sum + one[of], 0);
  return total('reused') / total('tokens');
}

/** How many turns two scenes begin alike with. */
function agreement(one: StageState, other: StageState): number {
  const [a, b] = [spoken(one), spoken(other)];
  const first = a.findIndex(({ who, text }, i) => who !== b[i]?.who || text !== b[i]?.text);
  return first < 0 ? a.length : first;
}
