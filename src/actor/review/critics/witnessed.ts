import { RunIndex } from '../../../corpus/gates/run-index.ts';
import { sharedRun } from '../../../corpus/gates/shared-run.ts';
import { isWitnessed, type Passage } from '../../../memory/passage.ts';
import { displayName } from '../../../play/cast/display-name.ts';
import { formatPlace } from '../../../play/place.ts';
import type { CastMember, Place, Play } from '../../../play/play.ts';
import { speeches } from '../../../play/speeches.ts';
import { words } from '../../../play/words.ts';
import type { Critic } from '../critic.ts';

/** In words: so many in a row that the character has not heard are no chance. */
const tellingRun = 5;
/** In letters: shorter names are words too. */
const shortestName = 4;

export interface WitnessedOptions {
  readonly play: Play;
  readonly character: CastMember;
  /** All of them: what memory stores. */
  readonly passages: readonly Passage[];
  readonly at?: Place | undefined;
  /** What the character has been told otherwise: persona and the visitor's words. */
  readonly told: string;
}

/**
 * Objects to what the character cannot know at this point of the story: people whom nobody has named to them, and words
 * said where they were not.
 */
export function witnessedCritic(options: WitnessedOptions): Critic {
  const { play, character, passages, at, told } = options;
  const heard = passages.filter((one) => isWitnessed(one, character.name, at));
  const unheard = passages.filter((one) => !isWitnessed(one, character.name, at));
  const index = new RunIndex(unheard.map(({ place, text }) => ({ place, text })));
  const heardIndex = new RunIndex(heard.map(({ place, text }) => ({ place, text })));
  const known = new Set(
    [
      told,
      character.name,
      ...heard.flatMap(({ speaker, text, present }) => [speaker, text, ...present]),
    ].flatMap((text) => words(text)),
  );
  const unheardOf = properNames(play).filter((name) => !known.has(name));
  const whom = displayName(character.name);
  const when = at ? `before ${formatPlace(at)}` : 'in the play';
  return {
    name: 'witnessed',
    object({ text }) {
      const said = new Set(words(text));
      const unknown = unheardOf.find((name) => said.has(name));
      if (unknown !== undefined) {
        const name = displayName(unknown);
        return {
          critic: 'witnessed',
          reason: `speaks of ${name}, whom nobody has named to ${whom} ${when}`,
          note: `You know nobody called ${name}.`,
        };
      }
      const run = sharedRun(text, index);
      if (!run || run.length < tellingRun) return undefined;
      const own = sharedRun(run.words, heardIndex);
      if (own && own.length >= run.length) return undefined;
      return {
        critic: 'witnessed',
        reason: `has words of ${run.place}, where ${whom} was not: “${run.words}”`,
        note: 'Speak only of what you have seen and heard.',
      };
    },
  };
}

/** Words of the cast's names that the play never has as common words. */
function properNames(play: Play): string[] {
  const common = new Set<string>();
  for (const { speech } of speeches(play))
    for (const [word] of speech.lines.join('\n').matchAll(/\b\p{Ll}[\p{L}']*/gu)) common.add(word);
  const names = play.cast.flatMap(({ name }) => words(name));
  return [...new Set(names)].filter((name) => name.length >= shortestName && !common.has(name));
}
