import { type PlanOptions, planSweep } from '../../sweep/plan-sweep.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { messages, output } from '../terminal/output.ts';
import { planText } from '../terminal/sweep-text.ts';

/** `dramatis sweep plan`: fetches, checks and writes the manifest; prints its path. */
export async function runSweepPlan(
  request: PlanOptions & WorkspaceOptions & { readonly json: boolean },
): Promise<void> {
  using opening = new OpeningProgress();
  using dramatis = await openDramatis(request, opening.report);
  const { path, manifest } = await planSweep(dramatis, request);
  opening[Symbol.dispose]();
  if (request.json) output.json(manifest);
  else {
    output.line(path);
    messages.line(planText(manifest));
  }
}
