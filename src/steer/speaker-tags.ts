import type { Play } from '../play/play.ts';
import { type Push, sumOf } from './push.ts';
import { speakerLabels } from './speaker-labels.ts';
import { type Tokenizer, WordBias } from './word-bias.ts';

/**
 * Lets nobody be made to speak who is not on stage: their labels are not written, and the reply ends at the label of
 * anybody else.
 *
 * @param onStage Cast names, the speaker's own among them; their labels are left alone.
 */
export function tagsPush(model: Tokenizer, play: Play, onStage: ReadonlySet<string>): Push {
  const off = play.cast.filter(({ name, speeches }) => speeches > 0 && !onStage.has(name));
  const labels = off.flatMap(({ name }) => [`${name}:`, `${name}.`]);
  const bias = new WordBias(model, [{ weight: Number.NEGATIVE_INFINITY, words: labels }]);
  return {
    after: (text) => sumOf([bias.always, bias.after(text)]),
    stop: speakerLabels(play),
    about: `no label of the ${off.length} who are not on stage`,
  };
}
