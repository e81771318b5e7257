import { formatPlace } from '../play/place.ts';
import type { StageEvent } from './events.ts';
import type { Situation } from './situation.ts';
import { type Opening, Transcript } from './transcript.ts';

/** What a scene is opened with, but for what its situation says. */
export type SceneSettings = Omit<
  Opening,
  'at' | 'situation' | 'heading' | 'entrances' | 'directions'
>;

/**
 * Opens a new scene where a situation begins: with who is on stage, and the play's own last turns.
 *
 * @param folder Where transcripts are kept.
 * @throws {DramatisError} STORE_UNWRITABLE
 */
export async function beginScene(
  folder: string,
  situation: Situation,
  settings: SceneSettings,
): Promise<Transcript> {
  const { at, text, heading, entrances, directions, opening, onStage } = situation;
  const first: StageEvent[] = [
    ...(onStage.length > 0 ? [{ kind: 'enter', who: onStage, by: 'situation' } as const] : []),
    ...(text === undefined
      ? []
      : [{ kind: 'note', text, by: 'situation', heard: onStage } as const]),
    ...opening.map(({ who, text: words, place, heard }) => ({
      ...({ kind: 'turn', who, playedBy: 'play', heard, text: words, place } as const),
    })),
  ];
  const settled = {
    ...settings,
    ...(at && { at: formatPlace(at) }),
    ...{ situation: text, heading, entrances, directions },
  };
  return Transcript.begin(folder, settled, { first });
}
