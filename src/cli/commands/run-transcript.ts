import type { Task } from '../../eval/task.ts';
import { duet } from '../../eval/tasks/duet.ts';
import { quartet } from '../../eval/tasks/quartet.ts';
import { readTranscript } from '../../eval/transcript.ts';
import { transcriptMeasures } from '../../eval/transcript-measures.ts';
import { shippedTurnBands, turnProfile } from '../../eval/turn-bands.ts';
import { embeddingModel } from '../../hub/catalogue.ts';
import { estimate } from '../../measure/statistics/estimate.ts';
import { shown, shownInterval } from '../../report/bench/number.ts';
import { writeAtomic } from '../../store/write-atomic.ts';
import { type MeasuredCues, measureCues } from '../../workspace/measure-cues.ts';
import { measureMeaning } from '../../workspace/measure-meaning.ts';
import type { SourceRequest } from '../../workspace/open-source.ts';
import { UsageError } from '../failure.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { output } from '../terminal/output.ts';

export interface TranscriptRequest extends SourceRequest, WorkspaceOptions {
  readonly transcript: string;
  readonly tasks: readonly Task[];
  /** Without one nothing is asked of a model. */
  readonly model?: string | undefined;
  readonly json?: string | undefined;
  readonly signal: AbortSignal;
}

/** `dramatis eval duet --transcript FILE`: a conversation's figures beside those of the play's own scenes. */
export async function runTranscript(request: TranscriptRequest): Promise<void> {
  const named = request.tasks.filter(({ name }) => name === duet.name || name === quartet.name);
  if (named.length === 0 || (named.length < request.tasks.length && request.tasks.length < 3))
    throw new UsageError('--transcript is measured by duet and quartet, and by no other task');
  using progress = new OpeningProgress();
  const dramatis = await openDramatis(request, progress.report);
  const source = await dramatis.source(request, request);
  const { play } = source;
  const scenes = await readTranscript(request.transcript, play);
  const measures = transcriptMeasures(scenes, play);
  const speakers = new Set(scenes.flat().map(({ speaker }) => speaker));
  const ofMany = named.length === 1 ? named[0]!.name === quartet.name : speakers.size > 2;
  const task = ofMany ? quartet : duet;
  const everybody = { ...source, character: undefined };
  const rows = task
    .items(everybody)
    .map((item) => ({ item, answers: [], values: task.measure(item, []) }));
  const bands = shippedTurnBands()[ofMany ? 'several' : 'two'];
  const profile = turnProfile(measures, bands);
  const figures = task.metrics.map((metric) => ({
    metric: metric.name,
    unit: metric.unit,
    transcript: measures[metric.name] ?? null,
    originals: estimate(metric, rows),
    band: bands[metric.name] ?? null,
    standing: profile[metric.name] ?? null,
  }));
  const { model, signal } = request;
  const cues =
    model === undefined ? [] : await measureCues(dramatis, model, { source, scenes, signal });
  const meaning = model === undefined ? {} : await measureMeaning(dramatis, scenes, signal);
  output.line(
    [
      `${request.transcript}: ${scenes.flat().length} turns of ${speakers.size} speakers, beside the ${rows.length}`,
      `conversations of ${play.title} that ${task.name} reads`,
      '',
      `${''.padEnd(24)}${'transcript'.padStart(12)}${'originals'.padStart(12)}  ${'95 % interval'.padEnd(16)}  eight in ten of Hamlet and Macbeth`,
      ...figures.map(({ metric, unit, transcript, originals, band, standing }) =>
        `${metric.padEnd(24)}${shown(transcript, unit).padStart(12)}${shown(originals.value, unit).padStart(12)}  ${shownInterval(originals, unit).padEnd(16)}  ${band ? `${shown(band.low, unit)} to ${shown(band.high, unit)}`.padEnd(16) : ''}${standing ?? ''}`.trimEnd(),
      ),
      ...cues.map(
        ({ metric: { name, unit }, estimate }) =>
          `${name.padEnd(24)}${shown(estimate.value, unit).padStart(12)}  ${shownInterval(estimate, unit)}, in nats a byte of ${model}`,
      ),
      ...Object.entries(meaning).map(
        ([name, value]) =>
          `${name.padEnd(24)}${shown(value, 'cosine').padStart(12)}  by ${embeddingModel}`,
      ),
    ].join('\n'),
  );
  if (request.json !== undefined)
    await writeAtomic(
      request.json,
      `${JSON.stringify({ transcript: request.transcript, task: task.name, figures, ...asData(cues), meaning }, null, 2)}\n`,
    );
}

/** By name in one word: "cueGain". */
function asData(cues: readonly MeasuredCues[]) {
  const named = cues.map(({ metric: { name }, estimate }) => [
    name.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase()),
    estimate,
  ]);
  return Object.fromEntries(named);
}
