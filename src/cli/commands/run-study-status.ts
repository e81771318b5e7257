import { studyCost } from '../../sweep/cost/study-cost.ts';
import { readSweep } from '../../sweep/manifest.ts';
import { sweepStatus } from '../../sweep/sweep-status.ts';
import { openDramatis } from '../open-dramatis.ts';
import { output } from '../terminal/output.ts';
import { leftText, minutesLeft } from '../terminal/study-text.ts';
import { statusJson, statusText } from '../terminal/sweep-text.ts';

/** `dramatis study status`: how many tasks stand where, and the minutes that are left. */
export async function runStudyStatus({
  folder,
  json,
  signal,
}: {
  readonly folder: string;
  readonly json: boolean;
  readonly signal: AbortSignal;
}): Promise<void> {
  const sweep = await readSweep(folder);
  using dramatis = await openDramatis({ offline: true });
  const statuses = await sweepStatus(sweep);
  const costs = await studyCost(dramatis, sweep, signal);
  if (json) output.json({ ...statusJson(statuses), minutesLeft: minutesLeft(statuses, costs) });
  else output.line(`${statusText(statuses)}\n${leftText(statuses, costs)}`);
}
