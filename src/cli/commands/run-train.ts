import type { TrainOptions } from '../../workspace/runs/prepare-training.ts';
import { type TrainEvent, trainAdapter } from '../../workspace/train-adapter.ts';
import { isInterrupt } from '../failure.ts';
import { terminationSignal } from '../interrupt.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { readGivenRows } from '../read-bytes.ts';
import { gateText } from '../terminal/adapters-text.ts';
import { EvalProgress } from '../terminal/eval-progress.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { messages, output } from '../terminal/output.ts';
import { TrainProgress } from '../terminal/train-progress.ts';
import { estimateText, rowsText, versionText } from '../terminal/train-text.ts';

export interface TrainRequest extends Omit<TrainOptions, 'data' | 'signal'>, WorkspaceOptions {
  /** A file with more rows. */
  readonly data?: string | undefined;
  readonly json: boolean;
}

/** `dramatis train`: shows a training run as it goes, or prints its events a line each. */
export async function runTrain(request: TrainRequest): Promise<void> {
  const { json } = request;
  const signal = terminationSignal();
  const data = await readGivenRows(request.data);
  using opening = new OpeningProgress();
  if (!json) opening.begin('Opening the model');
  using dramatis = await openDramatis(request, opening.report);
  using progress = new TrainProgress(json);
  using measuring = new EvalProgress();
  const show = json ? printJson : (event: TrainEvent) => print(event, request, progress);
  try {
    for await (const event of trainAdapter(dramatis, { ...request, data, signal })) {
      if (event.kind === 'rows') opening[Symbol.dispose]();
      if (event.kind === 'progress') measuring.report(event);
      else show(event);
      if (event.kind === 'promotion' && event.refusal) throw event.refusal;
    }
  } catch (error) {
    if (isInterrupt(error)) progress.stopped();
    throw error;
  }
}

const { stdout } = process;

/** Messages go to stderr, what the run ends with to stdout. */
function print(event: TrainEvent, request: TrainRequest, progress: TrainProgress): void {
  switch (event.kind) {
    case 'rows':
      messages.line(rowsText(event));
      break;
    case 'run':
      if (request.resume && !event.isResumed)
        messages.line('No run of these options is unfinished: a new one.');
      break;
    case 'estimate':
      messages.line(estimateText(event));
      break;
    case 'start':
    case 'reference':
    case 'step':
    case 'dev':
    case 'checkpoint':
    case 'end':
      progress.show(event);
      break;
    case 'version':
      output.line(versionText(event, request, stdout.isTTY ? stdout.columns - 1 : undefined));
      break;
    case 'progress':
      break;
    case 'promotion':
      output.line(`${gateText(event.gate)}\n${event.id} is ${event.isInUse ? '' : 'not '}in use`);
      break;
  }
}

function printJson(event: TrainEvent): void {
  if (event.kind === 'progress') return;
  if (event.kind !== 'promotion') output.jsonLine(event);
  else {
    const { kind, id, gate, isInUse } = event;
    output.jsonLine({ kind, id, gate, isInUse });
  }
}
