import { join } from 'node:path';
import { DramatisError } from '../../errors.ts';
import { reinforcePage } from '../../report/reinforce/page.ts';
import { repliesPage } from '../../report/reinforce/replies-page.ts';
import { makeFolder } from '../../store/make-folder.ts';
import { writeAtomic } from '../../store/write-atomic.ts';
import { newestReinforcedRun, readChoiceRun } from '../../workspace/runs/choice-run.ts';
import { readReplyRun } from '../../workspace/runs/reply-run.ts';
import { openDramatis } from '../open-dramatis.ts';
import { output } from '../terminal/output.ts';

/** `dramatis reinforce report`: runs as one page; the newest unless some are given. */
export async function runReinforceReport(folders: readonly string[], out: string): Promise<void> {
  using dramatis = await openDramatis();
  const given = folders.length > 0 ? folders : [await newestReinforcedRun(dramatis.folders)];
  const page = await pageOf(given);
  await makeFolder(out);
  const path = join(out, 'reinforce.html');
  await writeAtomic(path, page);
  output.line(path);
}

async function pageOf(folders: readonly string[]): Promise<string> {
  const found = await Promise.all(folders.map(readReplyRun));
  const replies = found.filter((run) => run !== undefined);
  if (replies.length === 0) return reinforcePage(await Promise.all(folders.map(readChoiceRun)));
  if (replies.length === folders.length) return repliesPage(replies);
  throw new DramatisError(
    'USAGE',
    `of ${folders.length} runs ${replies.length} learned from replies and the others from choices: their rewards are not the same`,
    { remedy: 'Give runs of one kind.' },
  );
}
