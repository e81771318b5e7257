import { DramatisError } from '../../errors.ts';
import { isDone } from '../../sweep/done-marker.ts';
import { readSweep, taskOf } from '../../sweep/manifest.ts';
import { requireInputs } from '../../sweep/plan-sweep.ts';
import { logOf, runTask } from '../../sweep/run-task.ts';
import { openDramatis } from '../open-dramatis.ts';
import { messages, output } from '../terminal/output.ts';
import { endText } from '../terminal/sweep-text.ts';
import { thisProgram } from '../this-program.ts';

/** `dramatis sweep task`: runs one, unless it is done. */
export async function runSweepTask({
  manifest,
  task: named,
  json,
  savedCode,
  signal,
}: {
  readonly manifest: string;
  readonly task: string;
  readonly json: boolean;
  /** Exit code of a task that saved what it had, and goes on when it is run again. */
  readonly savedCode: number;
  readonly signal: AbortSignal;
}): Promise<void> {
  const sweep = await readSweep(manifest);
  const task = taskOf(sweep, named);
  if (!(await isDone(sweep, task))) {
    using dramatis = await openDramatis({ offline: true });
    await requireInputs(dramatis, sweep, signal);
  }
  const end = await runTask(sweep, task, { program: thisProgram(), signal });
  if (json) output.jsonLine({ label: task.label, id: task.id, ...end });
  else messages.line(endText(task, end));
  if (end.outcome === 'stopped') process.exitCode = savedCode;
  else if (end.outcome !== 'done')
    throw new DramatisError('TASK_FAILED', `${task.label}: ${end.reason}`, {
      remedy: `See ${sweep.folder}/${logOf(task)}.`,
    });
}
