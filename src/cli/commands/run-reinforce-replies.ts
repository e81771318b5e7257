import { type ReplyRunEvent, reinforceReplies } from '../../workspace/reinforce-replies.ts';
import type { ReplyOptions } from '../../workspace/runs/prepare-replies.ts';
import { terminationSignal } from '../interrupt.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { LearningProgress } from '../terminal/learning-progress.ts';
import { learnedText, questionsText } from '../terminal/learning-text.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { messages, output } from '../terminal/output.ts';

export interface ReplyRequest extends Omit<ReplyOptions, 'signal'>, WorkspaceOptions {
  readonly json: boolean;
}

/** `dramatis reinforce replies`: shows a run as it goes, or prints its events a line each. */
export async function runReinforceReplies(request: ReplyRequest): Promise<void> {
  const { json } = request;
  const signal = terminationSignal();
  using opening = new OpeningProgress();
  if (!json) opening.begin('Opening the play and the model');
  using dramatis = await openDramatis(request, opening.report);
  using progress = new LearningProgress(json);
  for await (const event of reinforceReplies(dramatis, { ...request, signal })) {
    if (event.kind === 'items') opening[Symbol.dispose]();
    if (json) output.jsonLine(event);
    else print(event, request, progress);
  }
}

/** Messages go to stderr, what the run ends with to stdout. */
function print(
  event: ReplyRunEvent,
  { resume, model }: ReplyRequest,
  progress: LearningProgress,
): void {
  switch (event.kind) {
    case 'run':
      if (resume && !event.isResumed)
        messages.line('No run of these options is unfinished: a new one.');
      break;
    case 'items':
      messages.line(questionsText(event));
      break;
    case 'version':
      output.line(learnedText(event, model));
      break;
    default:
      progress.show(event);
  }
}
