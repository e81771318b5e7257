import { readTranscript } from '../eval/transcript.ts';
import { findCharacter } from '../play/cast/find-character.ts';
import type { Play } from '../play/play.ts';
import { VISITOR } from '../prompt/prompt.ts';
import type { OpenEvent } from '../stage/events.ts';
import { scriptLines } from '../stage/script-lines.ts';

/** Parts of a scene that are there already. */
export interface OpenedScript {
  /** What is said, in order, as the scene's first event keeps it. */
  readonly turns: NonNullable<OpenEvent['script']>;
  /** Cast names of those who say it, in the order in which they begin. */
  readonly speakers: readonly string[];
}

/**
 * The parts that a file gives to the people of a scene: a play text, a conversation or a scene that was kept, or lines of JSON.
 *
 * @param names As a reader gives them: all on the stage; none: whoever speaks in the file.
 * @throws {DramatisError} What `readTranscript`, `findCharacter` and `scriptLines` throw.
 */
export async function openScript(
  path: string,
  play: Play,
  names: readonly string[],
): Promise<OpenedScript> {
  const cast = names.map((name) => findCharacter(play, name).name);
  const said = (await readTranscript(path, play))
    .flat()
    .filter(({ speaker }) => speaker !== VISITOR);
  const { order, lines } = scriptLines(said, cast);
  const turns = order.map((who, i) => ({ who, text: said[i]!.text }));
  return { turns, speakers: [...lines.keys()] };
}
