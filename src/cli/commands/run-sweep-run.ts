import { DramatisError } from '../../errors.ts';
import { readSweep, type Sweep } from '../../sweep/manifest.ts';
import { requireInputs } from '../../sweep/plan-sweep.ts';
import { requireProcessors } from '../../sweep/require-processors.ts';
import { runSweep, type SweepEvent } from '../../sweep/run-sweep.ts';
import { sweepStatus } from '../../sweep/sweep-status.ts';
import { openDramatis } from '../open-dramatis.ts';
import { messages, output } from '../terminal/output.ts';
import { endText } from '../terminal/sweep-text.ts';
import { thisProgram } from '../this-program.ts';

/** `dramatis sweep run`: shows each task as it begins and ends; exit 1 if one failed. */
export async function runSweepRun({
  manifest,
  jobs,
  json,
  signal,
}: {
  readonly manifest: string;
  readonly jobs: number;
  readonly json: boolean;
  readonly signal: AbortSignal;
}): Promise<void> {
  const sweep = await readSweep(manifest);
  using dramatis = await openDramatis({ offline: true });
  const statuses = await sweepStatus(sweep);
  requireProcessors(statuses.filter(({ state }) => state !== 'done').map(({ task }) => task));
  await requireInputs(dramatis, sweep, signal);
  const failed: string[] = [];
  const show = progressOf(sweep);
  for await (const event of runSweep(sweep, { program: thisProgram(), jobs, signal })) {
    if (json) output.jsonLine(jsonOf(event));
    else show(event);
    if (event.kind === 'end' && event.end.outcome !== 'done' && !signal.aborted)
      failed.push(event.task.label);
  }
  if (failed.length > 0)
    throw new DramatisError('TASK_FAILED', `${failed.length} failed: ${failed.join(', ')}`, {
      remedy: `See ${sweep.folder}/logs, and run the same command again: what is done stays done.`,
    });
}

/** Messages go to stderr, a line for each task that begins or ends. */
function progressOf(sweep: Sweep): (event: SweepEvent) => void {
  let done = 0;
  const { length } = sweep.manifest.tasks;
  return (event) => {
    switch (event.kind) {
      case 'sweep':
        done = event.done;
        if (done > 0) messages.line(`${done} of ${length} are done`);
        break;
      case 'damaged':
        messages.line(`${event.task.label} runs again: ${event.damage}`);
        break;
      case 'begin':
        messages.line(`${event.task.label} …`);
        break;
      case 'end':
        if (event.end.outcome === 'done') done++;
        messages.line(`${done}/${length}  ${endText(event.task, event.end)}`);
        break;
      case 'elsewhere':
        messages.line(`${event.where}; waiting for it`);
        break;
      case 'blocked':
        messages.line(`${event.task.label}: not run, since ${event.by.label} is not done`);
        break;
    }
  };
}

function jsonOf(event: SweepEvent): unknown {
  if (event.kind === 'sweep') return event;
  const { task, kind } = event;
  const { label, id, index } = task;
  const by = event.kind === 'blocked' ? { by: event.by.label } : {};
  const where = event.kind === 'elsewhere' ? { where: event.where } : {};
  const end = event.kind === 'end' ? event.end : {};
  const damage = event.kind === 'damaged' ? { damage: event.damage } : {};
  return { kind, index, id, label, ...by, ...where, ...damage, ...end };
}
