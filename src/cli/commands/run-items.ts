import { itemsOf } from '../../eval/run/evaluate.ts';
import type { Split } from '../../eval/run/run-size.ts';
import { tasksNamed } from '../../eval/tasks/all.ts';
import type { SourceRequest } from '../../workspace/open-source.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { output } from '../terminal/output.ts';

export interface ItemsRequest extends SourceRequest, WorkspaceOptions {
  readonly tasks: readonly string[];
  readonly split: Split;
  readonly limit?: number | undefined;
  readonly signal: AbortSignal;
}

/** `dramatis eval items`: the items of tasks on stdout, JSONL. */
export async function runItems(request: ItemsRequest): Promise<void> {
  const tasks = tasksNamed(request.tasks);
  using progress = new OpeningProgress();
  const dramatis = await openDramatis(request, progress.report);
  const { split, limit } = request;
  const source = await dramatis.source(request, request);
  for (const task of tasks)
    for (const item of itemsOf(task, { source, split }, limit)) output.jsonLine(item);
}
