import { fallReasons } from '../../memory/digests/draft/judge-draft.ts';
import type { DraftEvent } from '../../workspace/digests/draft-digests.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { DraftProgress } from '../terminal/draft-progress.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { output } from '../terminal/output.ts';

export interface DraftRequest extends WorkspaceOptions {
  readonly play: string;
  readonly model?: string | undefined;
  readonly scenes?: readonly string[] | undefined;
  readonly out?: string | undefined;
  readonly force: boolean;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

/** `dramatis digest`: progress on stderr, what was kept and why the rest fell on stdout. */
export async function runDraft(request: DraftRequest): Promise<void> {
  const { json, signal } = request;
  using opening = new OpeningProgress();
  if (!json) opening.begin('Opening the play and the model');
  using dramatis = await openDramatis(request, opening.report);
  const play = await dramatis.play(request.play, { signal });
  using progress = new DraftProgress(json);
  for await (const event of dramatis.draftDigests({ ...request, play })) {
    if (event.kind === 'begin') opening[Symbol.dispose]();
    if (json) output.jsonLine(event);
    else progress.show(event);
    if (event.kind === 'end' && !json) output.line(endText(event));
  }
}

function endText({ path, kept, total, edited, fallen }: DraftEvent & { kind: 'end' }): string {
  const counts = Object.entries(fallReasons).flatMap(([reason, words]) => {
    const count = fallen[reason as keyof typeof fallReasons] ?? 0;
    return count === 0 ? [] : [`  ${count} ${words}`];
  });
  const fell = Object.values(fallen).reduce((sum, count) => sum + count, 0);
  return [
    `${kept} facts kept, ${fell} not${fell > 0 ? ':' : '.'}`,
    ...counts,
    `${path} has ${total} facts, ${edited} of them written or changed by hand.`,
    'A model reads verse badly: look through them, and correct what is wrong.',
  ].join('\n');
}
