import { isManifest, readSweep, type Sweep } from '../../sweep/manifest.ts';
import { planSweep, requireInputs } from '../../sweep/plan-sweep.ts';
import { readSite } from '../../sweep/slurm/site.ts';
import { scriptsOf, submit } from '../../sweep/slurm/submit.ts';
import type { Dramatis } from '../../workspace/dramatis.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { messages, output } from '../terminal/output.ts';
import { thisProgram } from '../this-program.ts';

export interface SlurmSubmitRequest extends WorkspaceOptions {
  /** A study, or a folder with a manifest. */
  readonly study: string;
  readonly sbatch: readonly string[];
  readonly prologue?: string | undefined;
  readonly atOnce?: number | undefined;
  readonly pack: number;
  readonly graceSeconds: number;
  readonly isDry: boolean;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

/** `dramatis slurm submit`: plans if it must, checks what the jobs read, and submits; prints the jobs' numbers. */
export async function runSlurmSubmit(request: SlurmSubmitRequest): Promise<void> {
  const { isDry, json, signal } = request;
  using opening = new OpeningProgress();
  using dramatis = await openDramatis(request, opening.report);
  const sweep = await sweepOf(dramatis, request);
  await requireInputs(dramatis, sweep, signal);
  opening[Symbol.dispose]();
  const site = await readSite(dramatis.folders.config, request);
  const options = { ...request, ...site, atOnce: request.atOnce, program: thisProgram() };
  const { scripts, underWay, later } = await scriptsOf(sweep, options, isDry);
  if (isDry) {
    if (json) output.json(scripts.map(({ array, script }) => ({ ...array, script })));
    else output.file(scripts.map(({ script }) => script).join('\n'));
    return;
  }
  const jobs = await submit(sweep, scripts, signal);
  if (json) output.json({ jobs, underWay, later });
  else
    for (const { job, name, packs } of jobs) output.line(`${job}  ${name}, ${packs.length} jobs`);
  if (underWay > 0) messages.line(`${underWay} tasks are in jobs already`);
  if (later > 0)
    messages.line(`${later} come after those: submit the sweep again when they have ended`);
  if (jobs.length === 0) messages.line('nothing was submitted');
}

async function sweepOf(dramatis: Dramatis, request: SlurmSubmitRequest): Promise<Sweep> {
  const { study, signal } = request;
  return (await isManifest(study)) ? readSweep(study) : planSweep(dramatis, { study, signal });
}
