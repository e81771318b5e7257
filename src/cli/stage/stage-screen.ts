import type { StageNews } from '../../stage/stage.ts';
import type { StageState } from '../../stage/state.ts';

/** Where a scene is shown. */
export interface StageScreen extends Disposable {
  /** @param state The scene after what happens. */
  show(news: StageNews, state: StageState): void;
  /** A sentence to the person beside the scene. */
  note(text: string): void;
  /** What a person says who speaks a part: empty if they let the turn pass, undefined if nobody will say anything any more. */
  ask(who: string): Promise<string | undefined>;
}
