import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Measured } from '../../engine/bench/measured.ts';
import type { StageState } from '../../stage/state.ts';
import { Dramatis } from '../dramatis.ts';
import type { Workspace } from '../workspace.ts';

export interface StageSpeedOptions {
  /** Default: the model in use. */
  readonly model?: string | undefined;
  readonly turns: number;
  readonly repetitions: number;
  readonly signal?: AbortSignal | undefined;
}

const companies: Readonly<Record<number, readonly string[]>> = {
  2: ['hamlet', 'ophelia'],
  4: ['hamlet', 'ophelia', 'claudius', 'gertrude'],
};

/**
 * Scenes of two and of four characters from Hamlet 3.1, a seed each: seconds of a turn, and how long it is until its first
 * token, from the third turn on. The scenes are not kept.
 *
 * @throws What `Dramatis.stage` throws; `signal.reason`.
 */
export async function* measureScenes(
  workspace: Workspace,
  { model, turns, repetitions, signal }: StageSpeedOptions,
): AsyncGenerator<Measured> {
  const conversations = await mkdtemp(join(tmpdir(), 'dramatis-bench-'));
  try {
    const folders = { ...workspace.folders, conversations };
    using dramatis = await Dramatis.open({ ...workspace, folders });
    for (const [characters, names] of Object.entries(companies)) {
      const at = { characters: Number(characters) };
      const [seconds, first]: number[][] = [[], []];
      for (let seed = 0; seed <= repetitions; seed++) {
        await using scene = await dramatis.stage({
          ...{ names, play: 'hamlet', at: '3.1', model, seed, limits: { turns } },
        });
        const start = performance.now();
        for await (const _ of scene.stage.run(signal));
        signal?.throwIfAborted();
        if (seed === 0) continue; // reads what all of them share
        const { state } = scene.stage;
        seconds!.push((performance.now() - start) / 1000 / Math.max(1, spoken(state).length));
        first!.push(firstToken(state));
      }
      const row = { bench: 'stage', higherIsBetter: false, at } as const;
      yield { ...row, what: 'a turn', unit: 's', samples: seconds! };
      yield { ...row, what: 'first token of a turn', unit: 'ms', samples: first! };
    }
  } finally {
    await rm(conversations, { recursive: true, force: true });
  }
}

const spoken = ({ turns }: StageState) => turns.filter(({ playedBy }) => playedBy === 'model');

/** The median over the turns from the third on. */
function firstToken(state: StageState): number {
  const times = spoken(state)
    .slice(2)
    .flatMap(({ ms }) => ms?.first ?? [])
    .sort((a, b) => a - b);
  return times[times.length >> 1] ?? Number.NaN;
}
