import { VISITOR } from '../../prompt/prompt.ts';
import type { Learner } from './learner.ts';
import { protectiveLines, protectiveSource, stationOf } from './protective-lines.ts';
import { drawShown } from './row-options.ts';
import { rowId, type TrainingRow } from './training-row.ts';

/**
 * `protective`: a visitor asks about what is beyond the play's world, and is answered in character. A play has no such
 * questions; who has learnt nothing else answers them as the model did before, out of the role.
 */
export function protectiveRows({ source, name, options }: Learner): TrainingRow[] {
  const { id, play, sha256 } = source;
  const character = play.cast.find((member) => member.name === name);
  if (!character) throw new RangeError(`"${name}" is not in the cast of "${play.title}"`);
  const station = stationOf(play, character);
  return protectiveLines.map(({ question, answers }) => {
    const turns = [
      { speaker: VISITOR, text: question, lossWeight: 0 },
      { speaker: name, text: answers[station], lossWeight: 1 },
    ];
    return {
      id: rowId(sha256, 'protective', name, turns),
      edition: sha256,
      play: id,
      speaker: name,
      kind: 'protective',
      turns,
      shows: { ...drawShown(options, 'protective', name, question), directions: false },
      source: protectiveSource,
    };
  });
}
