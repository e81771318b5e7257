import { readSweep } from '../../sweep/manifest.ts';
import { cancelJobs } from '../../sweep/slurm/submitted.ts';
import { messages, output } from '../terminal/output.ts';

/** `dramatis slurm cancel`: cancels every job of a sweep that the queue has. */
export async function runSlurmCancel({
  manifest,
  json,
  signal,
}: {
  readonly manifest: string;
  readonly json: boolean;
  readonly signal: AbortSignal;
}): Promise<void> {
  const cancelled = await cancelJobs(await readSweep(manifest), signal);
  if (json) output.json({ cancelled });
  else for (const job of cancelled) output.line(job);
  if (cancelled.length === 0) messages.line('the queue has no job of this sweep');
}
