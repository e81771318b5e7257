import { readSweep } from '../../sweep/manifest.ts';
import { queuedJobs, readSubmitted } from '../../sweep/slurm/submitted.ts';
import { sweepStatus } from '../../sweep/sweep-status.ts';
import { output } from '../terminal/output.ts';
import { statusJson, statusText } from '../terminal/sweep-text.ts';

/** `dramatis slurm status`: the tasks by their files, the jobs by the queue. */
export async function runSlurmStatus({
  manifest,
  json,
  signal,
}: {
  readonly manifest: string;
  readonly json: boolean;
  readonly signal: AbortSignal;
}): Promise<void> {
  const sweep = await readSweep(manifest);
  const queued = await queuedJobs(await readSubmitted(sweep), signal);
  const statuses = await sweepStatus(sweep);
  const jobs = queued.map(({ array, place, state, reason }) => ({
    ...{ job: `${array.job}_${place}`, name: array.name, tasks: array.packs[place] ?? [] },
    ...{ state, reason },
  }));
  if (json) return output.json({ ...statusJson(statuses), jobs });
  output.line(statusText(statuses));
  for (const { job, name, tasks, state, reason } of jobs)
    output.line(
      `  ${job}  ${name}, tasks ${tasks.join(' ')}: ${state}${reason === 'None' ? '' : ` (${reason})`}`,
    );
}
