import type { Split } from '../../eval/run/run-size.ts';
import { itemsOf } from '../../eval/run/evaluate.ts';
import { tasksNamed } from '../../eval/tasks/all.ts';
import { openSource, type SourceRequest } from '../open-source.ts';
import { FetchProgress } from '../terminal/progress.ts';

export interface ItemsRequest extends SourceRequest {
  readonly tasks: readonly string[];
  readonly split: Split;
  readonly limit?: number | undefined;
  readonly offline: boolean;
  readonly signal: AbortSignal;
}

/** `dramatis eval items`: the items of tasks on stdout, JSONL. */
export async function runItems(request: ItemsRequest): Promise<void> {
  const tasks = tasksNamed(request.tasks);
  using progress = new FetchProgress();
  const { offline, signal, split, limit } = request;
  const source = await openSource(request, { offline, signal, report: progress.report });
  for (const task of tasks)
    for (const item of itemsOf(task, { source, split }, limit)) console.log(JSON.stringify(item));
}
