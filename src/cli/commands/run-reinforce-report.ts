import { join } from 'node:path';
import { reinforcePage } from '../../report/reinforce/page.ts';
import { makeFolder } from '../../store/make-folder.ts';
import { writeAtomic } from '../../store/write-atomic.ts';
import { newestChoiceRun, readChoiceRun } from '../../workspace/runs/choice-run.ts';
import { openDramatis } from '../open-dramatis.ts';
import { output } from '../terminal/output.ts';

/** `dramatis reinforce report`: runs as one page; the newest unless some are given. */
export async function runReinforceReport(folders: readonly string[], out: string): Promise<void> {
  using dramatis = await openDramatis();
  const given = folders.length > 0 ? folders : [await newestChoiceRun(dramatis.folders)];
  const runs = await Promise.all(given.map(readChoiceRun));
  await makeFolder(out);
  const path = join(out, 'reinforce.html');
  await writeAtomic(path, reinforcePage(runs));
  output.line(path);
}
