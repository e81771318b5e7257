import { canonText } from '../../report/canon/canon-text.ts';
import { runCanon } from '../../workspace/run-canon.ts';
import type { CanonOptions } from '../../workspace/runs/canon-run.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { duration, EvalProgress } from '../terminal/eval-progress.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { messages, output } from '../terminal/output.ts';

/** `dramatis eval --plays` and `--canon`: measures over several plays, and prints a table. */
export async function runCanonEval(request: CanonOptions & WorkspaceOptions): Promise<void> {
  using opening = new OpeningProgress();
  opening.begin('Opening the plays and the model');
  using dramatis = await openDramatis(request, opening.report);
  using progress = new EvalProgress(opening);
  for await (const event of runCanon(dramatis, request)) {
    switch (event.kind) {
      case 'progress':
      case 'fault':
      case 'resumed':
        progress.kept(event);
        break;
      case 'play':
        progress.say(`${event.play}: ${event.items} items in ${duration(event.seconds)}`);
        break;
      case 'left out':
        progress.say(`${event.play}: nothing to ask for ${event.task}`);
        break;
      case 'canon':
        progress[Symbol.dispose]();
        output.line(canonText(event.results));
        if (event.out !== undefined)
          messages.line(`wrote ${event.out}, with .rows.jsonl beside it`);
        messages.line(duration(event.seconds));
        break;
    }
  }
}
