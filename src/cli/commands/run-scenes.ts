import { scenesText } from '../../report/scenes/text.ts';
import { type SceneTask, sceneTasks } from '../../workspace/scenes/plan-scenes.ts';
import { runScenes as run, type SceneRunEvent } from '../../workspace/scenes/run-scenes.ts';
import type { SceneRunOptions } from '../../workspace/scenes/scene-run-options.ts';
import { UsageError } from '../failure.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { EvalProgress } from '../terminal/eval-progress.ts';
import { faultText } from '../terminal/fault-text.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { messages, output } from '../terminal/output.ts';

export interface ScenesRequest extends Omit<SceneRunOptions, 'tasks'>, WorkspaceOptions {
  readonly tasks: readonly string[];
  readonly signal: AbortSignal;
}

/** `dramatis eval duet quartet --run`: plays scenes, and prints what they are like. */
export async function runScenes(request: ScenesRequest): Promise<void> {
  const tasks = tasksOf(request.tasks);
  using opening = new OpeningProgress();
  opening.begin('Opening the model');
  using dramatis = await openDramatis(request, opening.report);
  using progress = new EvalProgress(opening);
  let done: Extract<SceneRunEvent, { readonly kind: 'progress' }> | undefined;
  try {
    for await (const event of run(dramatis, { ...request, tasks })) {
      if (event.kind === 'progress') done = event;
      print(event, progress);
    }
  } catch (error) {
    if (request.signal.aborted && done)
      progress.say(`${done.done} of ${done.total} of ${done.task} are kept: the same goes on`);
    throw error;
  }
}

function tasksOf(named: readonly string[]): readonly SceneTask[] {
  const wrong = named.find((name) => !sceneTasks.some((task) => task === name));
  if (wrong !== undefined)
    throw new UsageError(`--run plays duet and quartet, and no task "${wrong}"`);
  return sceneTasks.filter((task) => named.length === 0 || named.includes(task));
}

function print(event: SceneRunEvent, progress: EvalProgress): void {
  switch (event.kind) {
    case 'fault':
      progress.say(faultText(event.path, event.fault));
      break;
    case 'resumed':
      progress.say(`of ${event.task} ${event.scenes} are there already (--fresh plays them anew)`);
      break;
    case 'left':
      progress.say(`${event.scenes} of ${event.task} are left: the same goes on`);
      break;
    case 'progress':
      progress.report(event);
      break;
    case 'results':
      progress[Symbol.dispose]();
      output.line(scenesText(event.results));
      if (event.out !== undefined) messages.line(`wrote ${event.out}`);
      break;
  }
}
