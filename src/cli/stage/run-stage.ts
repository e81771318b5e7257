import { DramatisError } from '../../errors.ts';
import type { Policy, Recorded } from '../../stage/events.ts';
import { goOn } from '../../stage/go-on.ts';
import type { Stage, StageNews } from '../../stage/stage.ts';
import type { StageState } from '../../stage/state.ts';
import { Transcript } from '../../stage/transcript.ts';
import { folders } from '../../store/folders.ts';
import type { CompanyRequest } from '../../workspace/open-company.ts';
import type { OpenedStage, SceneRequest } from '../../workspace/open-stage.ts';
import { Interrupt } from '../failure.ts';
import { terminationSignal } from '../interrupt.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { LinesScreen } from './lines-screen.ts';
import { PageScreen } from './page-screen.ts';
import { playOnTerminal } from './play-on-terminal.ts';
import { playThrough } from './play-through.ts';
import { endText } from './scene-lines.ts';
import type { StageScreen } from './stage-screen.ts';

interface Shown {
  readonly json: boolean;
  readonly signal: AbortSignal;
}

export interface StageRequest extends SceneRequest, CompanyRequest, WorkspaceOptions, Shown {
  readonly signal: AbortSignal;
}

export interface ResumeRequest extends CompanyRequest, WorkspaceOptions, Shown {
  readonly scene: string;
  readonly play?: string | undefined;
  /** Default: as before. */
  readonly policy?: Policy | undefined;
  /** So much more from now on. */
  readonly turns?: number | undefined;
  readonly seconds?: number | undefined;
  readonly signal: AbortSignal;
}

/** `dramatis stage NAME …`: opens a scene and plays it. */
export async function runStage(request: StageRequest): Promise<void> {
  using progress = new OpeningProgress();
  progress.begin('Opening the model');
  using dramatis = await openDramatis(request, progress.report);
  await using opened = await dramatis.stage(request);
  progress.clear();
  await perform(opened, request, []);
}

/** `dramatis stage resume`: goes on with a scene. */
export async function runResume(request: ResumeRequest): Promise<void> {
  using progress = new OpeningProgress();
  progress.begin('Opening the model');
  using dramatis = await openDramatis(request, progress.report);
  await using opened = await dramatis.resumeStage(request.scene, request);
  progress.clear();
  const { stage } = opened;
  await perform(opened, request, await goOn(stage, request));
}

async function perform(
  opened: OpenedStage,
  { json, signal }: Shown,
  news: readonly StageNews[],
): Promise<void> {
  const { stage } = opened;
  const isTerminal = !json && isOnTerminal();
  // Where nobody sits, what ends the program pauses the scene, too.
  if (!isTerminal) terminationSignal();
  using screen = isTerminal ? new PageScreen() : new LinesScreen({ json });
  await introduce(opened, screen);
  for (const one of news) screen.show(one, stage.state);
  try {
    if (screen instanceof PageScreen)
      await playOnTerminal({ stage, screen, folder: folders().conversations });
    else await playThrough(stage, screen, signal);
  } catch (error) {
    if (error instanceof Interrupt) screen.note(outcomeText(stage.state));
    if (error instanceof DramatisError) screen.note(keptText(stage));
    throw error;
  }
  screen.note(outcomeText(stage.state));
  signal.throwIfAborted();
}

/** Where a scene begins, and what has happened of it; of one that is gone on with, the last of it on a terminal. */
async function introduce(
  { stage, about, modelName }: OpenedStage,
  screen: StageScreen,
): Promise<void> {
  const { open } = stage.state;
  screen.note(about ?? `Going on after ${countOf(stage.state)}.`);
  const keys = screen instanceof PageScreen ? '? lists the keys' : 'Ctrl-C pauses';
  screen.note(`${modelName}, seed ${open?.seed}, scene ${open?.id}; ${keys}.`);
  const { records } = await new Transcript(stage.transcript.path).read();
  const shown = about !== undefined ? records : screen instanceof PageScreen ? latest(records) : [];
  for (const event of shown) screen.show({ kind: 'event', event }, stage.state);
}

/** Turns of a scene that a reader is reminded of. */
const reminded = 3;

function latest(records: readonly Recorded[]): readonly Recorded[] {
  const turns = records.filter(({ kind }) => kind === 'turn');
  const first = turns.at(-reminded)?.n ?? 0;
  return records.filter(({ n, kind }) => n >= first && kind !== 'struck');
}

const isOnTerminal = (): boolean =>
  process.stdin.isTTY && process.stdout.isTTY && process.env.TERM !== 'dumb';

const countOf = ({ figures: { turns } }: StageState): string =>
  turns === 1 ? '1 turn' : `${turns} turns`;

/** After something went wrong: what is there, and how to go on. */
function keptText({ state }: Stage): string {
  const id = state.open?.id;
  return `The scene stands still after ${countOf(state)}; all of it is kept, and "dramatis stage resume ${id}" goes on.`;
}

/** How a scene stands when it is left, and what can be done with it. */
function outcomeText(state: StageState): string {
  const { end, open, counting } = state;
  const id = open?.id ?? '';
  const paused = counting.findLast(({ kind }) => kind === 'pause');
  const why = paused?.kind === 'pause' && paused.detail ? `: ${paused.detail}` : '';
  const how = end
    ? `Ended ${endText(end.reason, state.figures.turns, end.detail)}.`
    : `Paused after ${countOf(state)}${why}.`;
  const rest = end ? `"dramatis stage replay ${id}" shows it again, ` : '';
  return `${how}\nKept as ${id}: ${rest}"dramatis stage resume ${id}" goes on, "dramatis stage export ${id} --to md" writes it down.`;
}
