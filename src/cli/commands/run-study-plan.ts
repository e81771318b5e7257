import { studyCost } from '../../sweep/cost/study-cost.ts';
import { planSweep } from '../../sweep/plan-sweep.ts';
import { fullStudy, smallStudy } from '../../sweep/ready-studies.ts';
import { type Study, writeStudy } from '../../sweep/study.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { messages, output } from '../terminal/output.ts';
import { costText } from '../terminal/study-text.ts';
import { planText } from '../terminal/sweep-text.ts';

/** `dramatis study plan`: writes study.json and its manifest, and prints what each task costs. */
export async function runStudyPlan({
  folder,
  small,
  models,
  json,
  signal,
  ...request
}: WorkspaceOptions & {
  readonly folder: string;
  readonly small: boolean;
  readonly models?: readonly string[] | undefined;
  readonly json: boolean;
  readonly signal: AbortSignal;
}): Promise<void> {
  using opening = new OpeningProgress();
  using dramatis = await openDramatis(request, opening.report);
  const path = await writeStudy(folder, withModels(small ? smallStudy : fullStudy, models));
  const sweep = await planSweep(dramatis, { study: path, out: folder, signal });
  const costs = await studyCost(dramatis, sweep, signal);
  opening[Symbol.dispose]();
  if (json) {
    output.json({ manifest: sweep.manifest, costs: Object.fromEntries(costs) });
    return;
  }
  output.line(costText(sweep, costs));
  messages.line(planText(sweep.manifest));
  messages.line(`wrote ${sweep.path}`);
}

/** A study of other models: of those that it trains, those that are still there, or all of them. */
function withModels(study: Study, models: readonly string[] | undefined): Study {
  if (models === undefined) return study;
  const { trained, ...rest } = study;
  const left = trained?.filter((name) => models.includes(name)) ?? [];
  return { ...rest, models: [...models], ...(left.length > 0 && { trained: left }) };
}
