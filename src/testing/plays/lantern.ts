import { parsePlay } from '../../play/parse.ts';
import type { CastMember, Play } from '../../play/play.ts';

const speech = (speaker: string, text: string): string => `**${speaker}**  \n${text}\n`;

/** The Lantern tests steering: MARTA is brief and always on about lanterns, BRUNO talks at length of the tide. */
const text = [
  '# The Lantern\n\n## ACT I\n\n### SCENE I. A quay at night.\n\n_Enter MARTA, BRUNO and OLD HUGO_\n',
  ...Array.from({ length: 12 }, (_, i) =>
    [
      speech('MARTA', i % 3 === 0 ? 'No.' : 'The lantern burns, and the lantern is mine to keep.'),
      speech('BRUNO', `${'The tide goes out and the tide comes in again. '.repeat(2 + i)}`),
      speech('OLD HUGO', 'So they say by the harbour, and so I say too.'),
    ].join('\n'),
  ),
  '_Exeunt_\n',
].join('\n');

export const lantern: Play = parsePlay(new TextEncoder().encode(text));

export function castMember(name: string): CastMember {
  const found = lantern.cast.find((member) => member.name === name);
  if (!found) throw new RangeError(`${name} is not in the play`);
  return found;
}
