import { isKnown, missing, shownRange } from './number.ts';
import type { MarkedRun } from './run.ts';
import { figure, table } from './table.ts';

/** Seconds and tokens of each task, and of the whole run. */
export function speedTable(runs: readonly MarkedRun[]): string {
  const timed = runs.flatMap((run) => (run.record ? [{ run, record: run.record }] : []));
  return table(
    ['', 'task', 'seconds', 'tokens evaluated', 'of them scored', 'generated', 'tokens/s'],
    timed.flatMap(({ run, record }) =>
      run.results.tasks.map((task) => {
        const time = record.tasks[task.task];
        return [
          run.letter,
          task.task,
          figure(isKnown(time?.seconds) ? time.seconds.toFixed(1) : missing),
          figure(shownRange([task.evaluatedTokens])),
          figure(shownRange([task.scoredTokens])),
          figure(shownRange([task.generatedTokens])),
          figure(isKnown(time?.tokensPerSecond) ? time.tokensPerSecond.toFixed(0) : missing),
        ];
      }),
    ),
  );
}

/** Whole hashes and settings: what it takes to measure the same again. */
export function provenanceTable(runs: readonly MarkedRun[]): string {
  const facts: [string, (run: MarkedRun) => string][] = [
    ['play', ({ results: { play } }) => `${play.title} (${play.id})`],
    ['play sha256', ({ results }) => results.play.sha256],
    ['split', ({ results }) => `${results.split}, sha256 ${results.splitSha256}`],
    ['model file', ({ results }) => results.subject.modelFile],
    ['model sha256', ({ results }) => results.subject.modelSha256],
    ['adapter', ({ results }) => results.subject.adapter?.file ?? missing],
    ['adapter sha256', ({ results }) => results.subject.adapter?.sha256 ?? missing],
    [
      'prompt',
      ({ results: { subject } }) => `${subject.form}, template ${subject.templateVersion}`,
    ],
    ['seed', ({ results }) => String(results.seed)],
    ['machine', ({ results: { machine } }) => `${machine.cpu}, ${machine.cores} cores`],
    ['threads', ({ results }) => results.machine.threads],
    ['back-ends', ({ results }) => results.machine.backends],
    [
      'versions',
      ({ results: { versions } }) =>
        'dramatis' in versions
          ? `dramatis ${versions.dramatis} (${versions.commit}), node ${versions.node}`
          : missing,
    ],
    [
      'task versions',
      ({ results }) => results.tasks.map((t) => `${t.task} ${t.version}`).join(', '),
    ],
    ['started', ({ record }) => record?.started ?? missing],
    ['seconds', ({ record }) => (isKnown(record?.seconds) ? record.seconds.toFixed(0) : missing)],
    [
      'speed',
      ({ record }) =>
        record
          ? `${shownRange([record.promptTokensPerSecond])} prompt and ${shownRange([record.generatedTokensPerSecond])} generated tokens/s, first token after ${shownRange([record.firstTokenMs])} ms, peak ${shownRange([record.peakMiB])} MiB`
          : missing,
    ],
  ];
  return runs
    .map((run) =>
      table(
        [run.letter, run.label],
        facts.map(([name, of]) => [name, of(run)]),
      ),
    )
    .join('\n');
}
