import type { SceneTurn } from '../eval/task.ts';
import type { Estimate, Metric } from '../measure/metric.ts';
import type { Row } from '../measure/row.ts';
import { estimate } from '../measure/statistics/estimate.ts';
import { openCueJudge } from './cue-judge.ts';
import type { OpenedSource } from './open-source.ts';
import type { Workspace } from './workspace.ts';

/** A figure in nats a byte, all turns pooled. */
const byByte = (name: string, value: 'gain' | 'surprise') =>
  ({
    ...{ name, unit: 'nats', higherIsBetter: null },
    of: (rows) => sumOf(rows, value) / sumOf(rows, 'bytes'),
    weight: ({ values }) => values.bytes ?? 0,
  }) satisfies Metric;

/** What a bare model says of conversations: how turns answer each other, and how surprising they are where they stand. */
const cueMetrics: readonly Metric[] = [
  { ...byByte('cue gain', 'gain'), floor: 0 },
  byByte('surprise', 'surprise'),
];

function sumOf(rows: readonly Row[], value: 'gain' | 'surprise' | 'bytes'): number {
  return rows.reduce((sum, { values }) => sum + (values[value] ?? 0), 0);
}

/** A figure of conversations as a model sees them. */
export interface MeasuredCues {
  readonly metric: Metric;
  readonly estimate: Estimate;
}

/**
 * What a bare model makes of conversations, which knows no persona and reads the page of the play.
 *
 * @returns Each figure with an interval over the conversations; over the turns, if there is only one.
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
): Promise<readonly MeasuredCues[]> {
  using judge = await openCueJudge(workspace, model, { source, signal });
  const rows: Row[] = [];
  for (const [i, turns] of scenes.entries())
    for (const { at, ...values } of await judge.judge(turns, String(i))) {
      const id = `${i}.${at}`;
      const scene = scenes.length > 1 ? String(i) : id;
      const item = { id, task: 'cues', scene, place: id };
      rows.push({ item, answers: [], values });
    }
  return cueMetrics.map((metric) => ({ metric, estimate: estimate(metric, rows) }));
}
