import { readSweep } from '../../sweep/manifest.ts';
import { sweepStatus } from '../../sweep/sweep-status.ts';
import { output } from '../terminal/output.ts';
import { statusJson, statusText } from '../terminal/sweep-text.ts';

/** `dramatis sweep status`: how many tasks stand where, and each that is not simply done or waiting. */
export async function runSweepStatus({
  manifest,
  verify,
  json,
}: {
  readonly manifest: string;
  readonly verify: boolean;
  readonly json: boolean;
}): Promise<void> {
  const statuses = await sweepStatus(await readSweep(manifest), verify ? 'bytes' : 'length');
  if (!json) return output.line(statusText(statuses));
  output.json(statusJson(statuses));
}
