import type { Estimate, Metric } from '../../measure/metric.ts';
import type { Row, TextAnswer } from '../../measure/row.ts';
import { estimate } from '../../measure/statistics/estimate.ts';
import type { Results, TaskResult } from '../results.ts';
import type { VoiceItem } from '../tasks/voice-item.ts';
import { type VoiceMatrix, voiceMatrix } from '../tasks/voice-matrix.ts';
import { correctOverTasks } from './correct-over-tasks.ts';
import { distributionsOf } from './distributions.ts';
import type { Measured } from './evaluate.ts';
import { baseRow, subjectRow } from './task-rows.ts';

/** What is known before a run: everything in `Results` that no task measures. */
export type RunHead = Omit<Results, 'tasks' | 'distributions' | 'exposure' | 'samples' | 'matrix'>;

/** How many replies the report shows: the first ones, so that nobody picks. */
const shownSamples = 6;

/**
 * The results of a run from its measured tasks, with the p-values corrected over the tasks.
 *
 * @param probes Tasks that were not asked for but tell the exposure; nothing else of them is in the results.
 */
export function assemble(
  head: RunHead,
  measured: readonly Measured[],
  probes: readonly Measured[],
): Results {
  return {
    ...head,
    tasks: correctOverTasks(measured.map(({ result }) => result)),
    distributions: distributionsOf(measured),
    exposure: exposureOf([...measured, ...probes]),
    samples: samplesOf(measured),
    matrix: matrixOf(measured),
  };
}

/** Metrics that say how well a model knows the text already, of the base: by task. */
export const exposureMetrics: Readonly<Record<string, readonly string[]>> = {
  cloze: ['accuracy', 'names'],
  recite: ['extracted', 'longest run'],
};

/**
 * What the model knew of the text before: names filled in and passages gone on with, asked of the base model.
 * Both plays are in every web corpus; scores are to be read beside this.
 *
 * @see Chang et al., "Speak, Memory", 2023; Carlini et al., "Quantifying memorization", 2023.
 */
function exposureOf(measured: readonly Measured[]): Readonly<Record<string, Estimate>> {
  const found: Record<string, Estimate> = {};
  for (const { task, rows } of measured) {
    const asked = rows.get(baseRow) ?? rows.get(subjectRow);
    const names = exposureMetrics[task.name];
    if (!asked || !names) continue;
    for (const metric of task.metrics.filter(({ name }) => names.includes(name)))
      found[`${task.name}: ${metric.name}`] = estimate(metric as Metric, asked);
  }
  return found;
}

function samplesOf(measured: readonly Measured[]): Results['samples'] {
  const asked = measured.find(({ task }) => task.name === 'style' || task.name === 'metre');
  const rows = (asked?.rows.get(subjectRow) ?? []).slice(0, shownSamples);
  return rows.flatMap(({ item, answers }) => {
    const question = (item as { question?: string }).question;
    const reply = answers.find((answer): answer is TextAnswer => answer.kind === 'text');
    const request = asked?.task.requests(item).find(({ kind }) => kind === 'text');
    if (question === undefined || !reply || request?.kind !== 'text') return [];
    return [{ question, reply: reply.text, seed: request.seed }];
  });
}

function matrixOf(measured: readonly Measured[]): VoiceMatrix | null {
  const rows = measured.find(({ task }) => task.name === 'voice')?.rows.get(subjectRow);
  return rows && rows.length > 0 ? voiceMatrix(rows as unknown as Row<VoiceItem>[]) : null;
}

/**
 * The figures under the names that lm-evaluation-harness gives its own, so that what reads its files reads ours.
 * After the comma stands the row: "none" is the subject.
 */
export function harnessFields(results: Results): Readonly<Record<string, unknown>> {
  const byTask = <T>(of: (task: TaskResult) => T): Record<string, T> =>
    Object.fromEntries(results.tasks.map((task) => [task.task, of(task)]));
  const rowName = (row: string): string => (row === subjectRow ? 'none' : row.replaceAll(',', ''));
  return {
    results: byTask(({ task, metrics }) => ({
      alias: task,
      ...Object.fromEntries(
        metrics.flatMap(({ metric, rows }) =>
          Object.entries(rows).flatMap(([row, { value, stderr }]) => [
            [`${metric},${rowName(row)}`, value],
            [`${metric}_stderr,${rowName(row)}`, stderr],
          ]),
        ),
      ),
    })),
    configs: byTask(({ task, summary, metrics, version }) => ({
      task,
      description: summary,
      output_type: 'loglikelihood',
      num_fewshot: 0,
      metric_list: metrics.map(({ metric, higherIsBetter }) => ({
        metric,
        higher_is_better: higherIsBetter,
      })),
      metadata: { version },
    })),
    // The harness keeps the versions of tasks where ours keep those of the program: both stand in one object.
    versions: { ...results.versions, ...byTask(({ version }) => version) },
    'n-shot': byTask(() => 0),
    higher_is_better: byTask(({ metrics }) =>
      Object.fromEntries(metrics.map(({ metric, higherIsBetter }) => [metric, higherIsBetter])),
    ),
    'n-samples': byTask(({ items }) => ({ original: items, effective: items })),
    config: {
      model: 'dramatis',
      model_args: `model=${results.subject.model}`,
      limit: results.limit,
      bootstrap_iters: 10_000,
      random_seed: results.seed,
    },
  };
}
