import type { Recorded } from '../../stage/events.ts';
import { findScene } from '../../stage/past-scenes.ts';
import { show } from '../../stage/replay.ts';
import { advance, emptyState, type StageState } from '../../stage/state.ts';
import { folders } from '../../store/folders.ts';
import { messages } from '../terminal/output.ts';
import { LinesScreen } from './lines-screen.ts';
import { openScene } from './open-scene.ts';
import { PageView } from './page-view.ts';
import { followRemote, isRemote } from './remote-scene.ts';
import { endText } from './scene-lines.ts';

interface Asked {
  readonly scene: string;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

/** `dramatis stage replay`: what was said, again; no model has a part in it. */
export async function runReplay({
  scene,
  speed,
  ...asked
}: Asked & { readonly speed: number }): Promise<void> {
  const { records } = await openScene(scene);
  const state = await showAll(show(records, { speed, signal: asked.signal }), asked);
  messages.line(standingText(state));
}

/** `dramatis stage watch`: a scene that another process plays, to its end. */
export async function runWatch({ scene, ...asked }: Asked): Promise<void> {
  if (isRemote(scene)) {
    const state = await showAll(followRemote(scene, asked.signal), asked, () => false);
    messages.line(standingText(state));
    return;
  }
  const transcript = await findScene(folders().conversations, scene);
  const { records } = await transcript.read();
  // An end that was gone on after is none.
  const known = records.at(-1)?.n ?? 0;
  const state = await showAll(
    transcript.follow(0, asked.signal),
    asked,
    ({ n, end }) => n >= known && end !== undefined,
  );
  messages.line(standingText(state));
}

async function showAll(
  events: AsyncIterable<Recorded>,
  { json }: Asked | Omit<Asked, 'scene'>,
  isOver?: (state: StageState) => boolean,
): Promise<StageState> {
  const isLive = isOver !== undefined;
  const isTerminal = !json && process.stdout.isTTY && process.env.TERM !== 'dumb';
  using screen = isTerminal
    ? new PageView(isLive ? 'watched' : 'shown')
    : new LinesScreen({ json });
  let state = emptyState;
  for await (const event of events) {
    state = advance(state, event);
    screen.show({ kind: 'event', event }, state);
    if (isOver?.(state)) break;
  }
  return state;
}

function standingText({ end, isPaused, figures: { turns } }: StageState): string {
  if (end) return `Ended ${endText(end.reason, turns, end.detail)}.`;
  return `${isPaused ? 'Paused' : 'Open'} after ${turns === 1 ? '1 turn' : `${turns} turns`}.`;
}
