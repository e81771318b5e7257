import type { Play } from '../../play/play.ts';
import { banLine } from '../grammar/grammar-text.ts';
import type { Push } from '../push.ts';
import { callsOf, inTitleCase, speakerLabels, strangers } from './speaker-labels.ts';

/**
 * Lets nobody be made to speak who is not on stage: their labels are not written, and the reply ends at the label of
 * anybody else.
 *
 * @param onStage Cast names, the speaker's own among them; their labels are left alone.
 */
export function tagsPush(play: Play, onStage: ReadonlySet<string>): Push {
  const off = play.cast.filter(({ name, speeches }) => speeches > 0 && !onStage.has(name));
  // In small letters a name with a full stop is no label: "I saw Bruno."
  const here = new Set(play.cast.filter(({ name }) => onStage.has(name)).flatMap(callsOf));
  const calls = off.flatMap(callsOf).filter((name) => !here.has(name));
  const labels = calls.flatMap((name) => [`${name}:`, `${name}.`, `${inTitleCase(name)}:`]);
  labels.push(...strangers.map((name) => `${name}:`));
  return {
    grammar: `${banLine([...new Set(labels)])}\n`,
    stop: speakerLabels(play),
    about: `no label of the ${off.length} who are not on stage`,
  };
}
