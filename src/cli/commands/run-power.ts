import { powerText } from '../../report/canon/power-text.ts';
import { type PowerOptions, planPower } from '../../workspace/plan-power.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { output } from '../terminal/output.ts';

/** `dramatis eval power`: what a run could tell, as a table or one array. */
export async function runPower(
  request: PowerOptions & WorkspaceOptions & { readonly json: boolean },
): Promise<void> {
  using progress = new OpeningProgress();
  using dramatis = await openDramatis(request, progress.report);
  const tasks = await planPower(dramatis, request);
  progress.clear();
  if (request.json) output.json(tasks);
  else output.line(powerText(tasks));
}
