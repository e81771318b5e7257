import { type Ablation, ablate, ablationText } from '../../eval/run/ablate.ts';
import type { RunHead } from '../../eval/run/assemble.ts';
import type { EvalPart } from '../../eval/run/evaluate.ts';
import type { Component } from '../../eval/subject.ts';
import type { Task } from '../../eval/task.ts';
import { defaultTemplateName } from '../../prompt/prompt-template.ts';
import { writeAtomic } from '../../store/write-atomic.ts';
import { UsageError } from '../failure.ts';
import { EvalProgress } from '../terminal/eval-progress.ts';

export interface AblationRequest {
  readonly ablate: readonly Component[];
  readonly alone: boolean;
  /** Of what is measured: goes into the file. */
  readonly head: RunHead;
  readonly tasks: readonly Task[];
  readonly sittings: readonly EvalPart[];
  readonly limit?: number | undefined;
  /** Name of the template that is compared with the default. */
  readonly prompt: string;
  readonly json?: string | undefined;
  readonly signal: AbortSignal;
}

/** `dramatis eval --ablate`: what each lever buys, and what it costs. */
export async function runAblation(request: AblationRequest): Promise<void> {
  const has = request.sittings[0]!.subject.levers;
  const missing = request.ablate.filter((lever) => !has[lever]);
  if (missing.includes('adapter'))
    throw new UsageError('--ablate has adapter, but no --adapter was given');
  if (request.ablate.includes('prompt') && request.prompt === defaultTemplateName)
    throw new UsageError(
      `--ablate has prompt, but --prompt is the ${defaultTemplateName} one already`,
    );
  using progress = new EvalProgress();
  const { ablate: levers, alone, tasks, sittings, limit, signal, head, json } = request;
  let ablation: Ablation | undefined;
  for await (const event of ablate({ levers, alone, tasks, sittings, limit, signal })) {
    if (event.kind === 'progress') progress.report(event);
    else {
      // Each setting takes minutes: one that is done stays.
      ablation = event.soFar;
      if (json !== undefined)
        await writeAtomic(json, `${JSON.stringify({ ...head, ...ablation }, null, 2)}\n`);
    }
  }
  progress[Symbol.dispose]();
  if (ablation) console.log(ablationText(ablation));
}
