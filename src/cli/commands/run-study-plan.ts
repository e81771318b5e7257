import { studyCost } from '../../sweep/cost/study-cost.ts';
import { studyPower } from '../../sweep/cost/study-power.ts';
import { planSweep } from '../../sweep/plan-sweep.ts';
import { fullStudy, smallStudy, withCpus, withModels } from '../../sweep/ready-studies.ts';
import { fewProcessors } from '../../sweep/require-processors.ts';
import { writeStudy } from '../../sweep/study.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { messages, output } from '../terminal/output.ts';
import { costText, studyPowerText } from '../terminal/study-text.ts';
import { planText } from '../terminal/sweep-text.ts';

/** `dramatis study plan`: writes study.json and its manifest, and prints what each task costs. */
export async function runStudyPlan({
  folder,
  small,
  models,
  cpus,
  json,
  signal,
  ...request
}: WorkspaceOptions & {
  readonly folder: string;
  readonly small: boolean;
  readonly models?: readonly string[] | undefined;
  /** Threads of each task; what a study says, or 2, unless given. */
  readonly cpus?: number | undefined;
  readonly json: boolean;
  readonly signal: AbortSignal;
}): Promise<void> {
  using opening = new OpeningProgress();
  using dramatis = await openDramatis(request, opening.report);
  const ready = small ? smallStudy : fullStudy;
  const study = withCpus(models === undefined ? ready : withModels(ready, models), cpus);
  const path = await writeStudy(folder, study);
  const sweep = await planSweep(dramatis, { study: path, out: folder, signal });
  const costs = await studyCost(dramatis, sweep, signal);
  const power = await studyPower(dramatis, sweep, signal);
  opening[Symbol.dispose]();
  if (json) {
    output.json({ manifest: sweep.manifest, costs: Object.fromEntries(costs), power });
    return;
  }
  output.line(costText(sweep, costs));
  output.line(`\n${studyPowerText(power)}`);
  messages.line(planText(sweep.manifest));
  messages.line(`wrote ${sweep.path}`);
  const few = fewProcessors(sweep.manifest);
  if (few !== undefined) messages.line(few);
}
