import type { SceneTurn } from '../eval/task.ts';
import type { Estimate, Metric } from '../measure/metric.ts';
import type { Row } from '../measure/row.ts';
import { estimate } from '../measure/statistics/estimate.ts';
import { openCueJudge } from './cue-judge.ts';
import type { OpenedSource } from './open-source.ts';
import type { Workspace } from './workspace.ts';

/** By how many nats a byte turns are likelier after the turn before them than after other words, all turns pooled. */
export const cueGain: Metric = {
  name: 'cue gain',
  unit: 'nats',
  higherIsBetter: null,
  floor: 0,
  of: (rows) => sumOf(rows, 'gain') / sumOf(rows, 'bytes'),
  weight: ({ values }) => values.bytes ?? 0,
};

function sumOf(rows: readonly Row[], value: 'gain' | 'bytes'): number {
  return rows.reduce((sum, { values }) => sum + (values[value] ?? 0), 0);
}

/**
 * The cue gain of conversations under a bare model, which knows no persona and reads the page of the play.
 *
 * @returns With an interval over the conversations; over the turns, if there is only one.
 * @throws {DramatisError} What opening the model throws.
 */
export async function measureCues(
  workspace: Workspace,
  model: string,
  {
    source,
    scenes,
    signal,
  }: {
    readonly source: OpenedSource;
    readonly scenes: readonly (readonly SceneTurn[])[];
    readonly signal: AbortSignal;
  },
): Promise<Estimate> {
  using judge = await openCueJudge(workspace, model, { source, signal });
  const rows: Row[] = [];
  for (const [i, turns] of scenes.entries())
    for (const { at, gain, bytes } of await judge.gainsOf(turns, String(i))) {
      const id = `${i}.${at}`;
      const scene = scenes.length > 1 ? String(i) : id;
      const item = { id, task: cueGain.name, scene, place: id };
      rows.push({ item, answers: [], values: { gain, bytes } });
    }
  return estimate(cueGain, rows);
}
