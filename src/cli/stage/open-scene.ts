import { findPastScene, type PastScene } from '../../stage/past-scenes.ts';
import { folders } from '../../store/folders.ts';
import { faultText } from '../terminal/fault-text.ts';
import { messages } from '../terminal/output.ts';

/**
 * The scene that an argument of the command line means; lines of it that could not be read are named on stderr.
 *
 * @throws {DramatisError} SCENE_UNKNOWN, TRANSCRIPT_UNREADABLE
 */
export async function openScene(asked: string): Promise<PastScene> {
  const scene = await findPastScene(folders().conversations, asked);
  for (const fault of scene.faults) messages.line(faultText(scene.path, fault));
  return scene;
}
