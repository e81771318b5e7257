import type { Sampling } from '../../engine/sampling.ts';
import type { CastMember, Play } from '../../play/play.ts';
import { words } from '../../play/words.ts';
import { ownSpeeches } from './own-speeches.ts';
import { speaksVerse } from './verse.ts';

/** How one character's words are drawn, with the reason for each number. */
export interface Preset {
  readonly sampling: Partial<Sampling>;
  /** By field of `sampling`, with what was counted. */
  readonly reasons: Readonly<Record<string, string>>;
}

/** In words: windows that new words are counted in, so that who says much does not seem poor in words. */
const window = 50;
/** Share of different words in such a window: most speakers of the two tragedies lie between. */
const narrow = 0.74;
const wide = 0.84;

/**
 * Numbers to draw with, read off the character's speeches. Each follows from one thing counted:
 *
 * - temperature: the more different words in fifty, the bolder;
 * - minP: falls as temperature rises, so that boldness finds words to choose from;
 * - repeatPenalty, dryAllowed, dryMultiplier: who says things twice ("to bed, to bed") is not punished for it.
 */
export function presetOf(play: Play, character: CastMember): Preset {
  const speeches = ownSpeeches(play, character).map((lines) => words(lines.join('\n')));
  const all = speeches.flat();
  const variety = varietyOf(all);
  const echo = echoOf(speeches);
  const place = Math.max(0, Math.min(1, (variety - narrow) / (wide - narrow)));
  const isVerse = speaksVerse(play, character);
  const round = (value: number): number => Math.round(value * 100) / 100;
  const temperature = round(0.5 + 0.4 * place);
  const minP = round(0.12 - 0.06 * place);
  const repeats = echo > 0.02;
  const said = `${(100 * variety).toFixed(0)} % of fifty words in a row are different`;
  return {
    sampling: {
      temperature,
      minP,
      topNSigma: 0,
      repeatPenalty: repeats ? 1.05 : 1.15,
      dryMultiplier: repeats ? 0.4 : 0.8,
      dryAllowed: isVerse ? 3 : 2,
    },
    reasons: {
      temperature: `${said}: ${place > 0.5 ? 'rich' : 'plain'}`,
      minP: 'falls as the temperature rises, or there would be nothing bold to choose',
      topNSigma:
        'none: up to temperature 1, min-p has cut the noise already; for bolder draws give 1',
      repeatPenalty: `${(100 * echo).toFixed(1)} % of the words are said again at once or after one other`,
      dryMultiplier: repeats ? 'repeats itself in the play' : 'does not repeat itself in the play',
      dryAllowed: isVerse
        ? 'verse: phrases of three words come back'
        : 'prose: phrases of two words come back',
    },
  };
}

/** Mean share of different words in windows in a row; of a shorter text, of all of it. */
function varietyOf(all: readonly string[]): number {
  const count = Math.max(1, Math.floor(all.length / window));
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const part = all.slice(i * window, (i + 1) * window);
    sum += part.length === 0 ? 0 : new Set(part).size / part.length;
  }
  return sum / count;
}

/** Share of the words that stand one or two places after themselves. */
function echoOf(speeches: readonly (readonly string[])[]): number {
  const total = speeches.reduce((sum, { length }) => sum + length, 0);
  const echoes = speeches
    .flatMap((said) => said.map((word, i) => word === said[i - 1] || word === said[i - 2]))
    .filter(Boolean).length;
  return total === 0 ? 0 : echoes / total;
}
