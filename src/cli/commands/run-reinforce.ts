import { type ReinforceEvent, reinforceChoice } from '../../workspace/reinforce-choice.ts';
import type { ReinforceOptions } from '../../workspace/runs/prepare-choice.ts';
import { terminationSignal } from '../interrupt.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { messages, output } from '../terminal/output.ts';
import { ReinforceProgress } from '../terminal/reinforce-progress.ts';
import { itemsText, reinforcedText } from '../terminal/reinforce-text.ts';

export interface ReinforceRequest extends Omit<ReinforceOptions, 'signal'>, WorkspaceOptions {
  readonly json: boolean;
}

/** `dramatis reinforce choice`: shows a run as it goes, or prints its events a line each. */
export async function runReinforce(request: ReinforceRequest): Promise<void> {
  const { json } = request;
  const signal = terminationSignal();
  using opening = new OpeningProgress();
  if (!json) opening.begin('Opening the plays and the model');
  using dramatis = await openDramatis(request, opening.report);
  using progress = new ReinforceProgress(json);
  for await (const event of reinforceChoice(dramatis, { ...request, signal })) {
    if (event.kind === 'items') opening[Symbol.dispose]();
    if (json) output.jsonLine(event);
    else print(event, request, progress);
  }
}

/** Messages go to stderr, what the run ends with to stdout. */
function print(
  event: ReinforceEvent,
  { resume, model, tasks, heldOutFold = 0 }: ReinforceRequest,
  progress: ReinforceProgress,
): void {
  switch (event.kind) {
    case 'run':
      if (resume && !event.isResumed)
        messages.line('No run of these options is unfinished: a new one.');
      break;
    case 'play':
      break;
    case 'items':
      messages.line(itemsText(event));
      break;
    case 'version':
      output.line(reinforcedText(event, { model, tasks, playFold: heldOutFold }));
      break;
    default:
      progress.show(event);
  }
}
