import { RunIndex } from '../../corpus/gates/run-index.ts';
import { maskBreak } from '../../measure/text/mask-break.ts';
import { isCollective } from '../../play/cast/label.ts';
import type { Play } from '../../play/play.ts';
import { speeches } from '../../play/speeches.ts';
import { isModern, tongueOf } from '../../play/tongue.ts';
import { words } from '../../play/words.ts';
import { anachronisms } from '../../steer/levers/anachronism-ban.ts';
import { strangers } from '../../steer/levers/speaker-labels.ts';
import { alphabetsIn } from './alphabet.ts';

/** What guards need to know of a play. */
export interface GuardedPlay {
  /** Every speech of the play. */
  readonly copied: RunIndex;
  /** Phrases of assistants and words of later times that the play does not have. */
  readonly listed: readonly string[];
  /** Names that a label may have: of all who speak, in full and as they are printed, and those that models know. */
  readonly labels: readonly string[];
  /** Alphabets that the play is printed in, such as "Latin". */
  readonly alphabets: ReadonlySet<string>;
  /** Whether its people know what we know. */
  readonly isModern: boolean;
  /** Whether all is said in English, as far as it can be told. */
  readonly isEnglish: boolean;
  /** Words of the play that mean a thing of later times elsewhere: "Guy", "video". */
  readonly ownModern: string;
}

const made = new WeakMap<Play, GuardedPlay>();

/** What guards need to know of a play; worked out once for a play, in some 100 ms. */
export function guardedPlay(play: Play): GuardedPlay {
  const known = made.get(play);
  if (known) return known;
  const spoken = [...speeches(play)].map(({ speech: { place, lines } }) => ({
    place,
    text: lines.join('\n'),
  }));
  const { language, period } = tongueOf(play);
  const found: GuardedPlay = {
    copied: new RunIndex(spoken),
    listed: anachronisms(play),
    labels: labelNames(play),
    alphabets: alphabetsIn(spoken.map(({ text }) => text).join('\n')),
    isModern: isModern(period),
    isEnglish:
      /english/i.test(language) && !spoken.some(({ text }) => maskBreak(text, text) === 'language'),
    ownModern: [...new Set(spoken.flatMap(({ text }) => words(text)))]
      .filter((word) => maskBreak(word, '') === 'modern')
      .join(' '),
  };
  made.set(play, found);
  return found;
}

/** Shorter ones, such as the "H." of a printed label, are initials and numerals too. */
const shortest = 2;

function labelNames(play: Play): readonly string[] {
  const names = play.cast
    .filter(({ name, speeches: count }) => count > 0 && !isCollective(name))
    .flatMap(({ name, aliases }) => [name, ...aliases])
    .map((name) => name.replace(/\.$/, '').toUpperCase());
  const models = strangers.filter((name) => name !== 'You').map((name) => name.toUpperCase());
  return [...new Set([...names, ...models])].filter(({ length }) => length >= shortest);
}
