import type { Play } from '../play/play.ts';
import type { StageState } from '../stage/state.ts';
import { VoiceRatio } from '../steer/levers/voice-ratio.ts';

/** How much somebody sounds like themselves, over a scene. */
export interface SceneVoice {
  /** Cast name. */
  readonly name: string;
  /**
   * In nats a word, by third of the scene: how much likelier the words are from them than from the others of the play. Null
   * for a third in which they say nothing.
   */
  readonly thirds: readonly (number | null)[];
}

/** Turns of somebody of which a voice is read, at least. */
const fewestTurns = 3;

/** The voice of each who speaks three times or more, by third of the scene; what the play says itself is not counted. */
export function sceneVoices({ turns, cast }: StageState, play: Play): SceneVoice[] {
  const own = turns.filter(({ playedBy }) => playedBy !== 'play');
  return cast.flatMap((name) => {
    const member = play.cast.find((one) => one.name === name);
    if (!member || own.filter(({ who }) => who === name).length < fewestTurns) return [];
    const ratio = new VoiceRatio(play, member);
    const thirds = [0, 1, 2].map((third) => {
      const said = own.filter(
        ({ who }, i) => who === name && Math.floor((3 * i) / own.length) === third,
      );
      return said.length === 0 ? null : ratio.of(said.map(({ text }) => text).join(' '));
    });
    return [{ name, thirds }];
  });
}
