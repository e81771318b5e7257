import { ablationText } from '../../eval/run/ablate.ts';
import type { Measured } from '../../eval/run/evaluate.ts';
import { tasksNamed } from '../../eval/tasks/all.ts';
import { groupsText, wrongText } from '../../report/bench/groups-text.ts';
import { benchText } from '../../report/bench/text.ts';
import { type BenchmarkEvent, runBenchmark } from '../../workspace/run-benchmark.ts';
import type { BenchmarkOptions } from '../../workspace/runs/benchmark-run.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { duration, EvalProgress } from '../terminal/eval-progress.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { messages, output } from '../terminal/output.ts';
import { runTranscript } from './run-transcript.ts';

export interface EvalRequest extends BenchmarkOptions, WorkspaceOptions {
  readonly tasks: readonly string[];
  /** Conversation to measure in place of a model. */
  readonly transcript?: string | undefined;
  readonly signal: AbortSignal;
}

/** `dramatis eval`: measures, and prints a table; the results are written where they are wanted. */
export async function runEval(request: EvalRequest): Promise<void> {
  const { transcript, out } = request;
  if (transcript !== undefined) {
    const tasks = tasksNamed(request.tasks);
    return runTranscript({ ...request, transcript, tasks, json: out });
  }
  using opening = new OpeningProgress();
  opening.begin('Opening the model');
  using dramatis = await openDramatis(request, opening.report);
  using progress = new EvalProgress(opening);
  const measured: Measured[] = [];
  for await (const event of runBenchmark(dramatis, request))
    print(event, request, progress, measured);
}

/** Figures of groups and wrong answers, of a task that has them. */
function detailsOf({ result, rows }: Measured): string[] {
  return [groupsText(result), wrongText(rows.get('subject') ?? [])].filter((text) => text !== '');
}

/** Messages go to stderr, the table to stdout. */
function print(
  event: BenchmarkEvent,
  request: EvalRequest,
  progress: EvalProgress,
  measured: Measured[],
): void {
  switch (event.kind) {
    case 'progress':
    case 'fault':
    case 'resumed':
      progress.kept(event);
      break;
    case 'left out':
      progress.say(leftOutText(event, request));
      break;
    case 'measured':
      // Shown with the table once all is measured.
      measured.push(event.measured);
      break;
    case 'ablation':
      progress[Symbol.dispose]();
      output.line(ablationText(event.ablation));
      break;
    case 'results': {
      const { results, record, out } = event;
      progress[Symbol.dispose]();
      output.line([benchText(results), ...measured.flatMap(detailsOf)].join('\n\n'));
      if (out !== undefined)
        messages.line(`wrote ${out}, with .rows.jsonl and .run.json beside it`);
      messages.line(`${duration(record.seconds)}, ${Math.round(record.peakMiB)} MiB at most`);
      break;
    }
  }
}

function leftOutText(
  { task, isProbe }: Extract<BenchmarkEvent, { readonly kind: 'left out' }>,
  { character, folds, split = 'holdout' }: EvalRequest,
): string {
  const where = folds === undefined ? `the ${split} scenes` : 'the play';
  const whom = character === undefined ? '' : ` about ${character}`;
  const why = isProbe ? ', which would tell how well the base model knows the text' : '';
  return `${task}${why}: left out, there is nothing to ask${whom} in ${where}`;
}
