import type { Stage } from '../../stage/stage.ts';
import type { StageScreen } from './stage-screen.ts';

/** Plays a scene until it ends, is paused, or nobody answers for a person who is asked. */
export async function playThrough(
  stage: Stage,
  screen: StageScreen,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    for await (const news of stage.run(signal)) screen.show(news, stage.state);
    const { asked, isPaused, end } = stage.state;
    if (asked === undefined || isPaused || end) return;
    const text = await screen.ask(asked);
    if (text === undefined || signal.aborted) {
      screen.show(await stage.pause(), stage.state);
      return;
    }
    // Words that are none let the turn pass.
    const happening = text.trim() === '' ? stage.step(signal) : stage.say(asked, { text });
    for await (const news of happening) screen.show(news, stage.state);
  }
}
