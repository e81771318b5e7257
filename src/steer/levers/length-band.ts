import type { CastMember, Play } from '../../play/play.ts';
import { speeches } from '../../play/speeches.ts';
import { words } from '../../play/words.ts';

/** How long a character's speeches are, in words, fitted to be spoken by a model. */
export interface LengthBand {
  /** A reply does not end before. */
  readonly least: number;
  /** From here on a reply is helped to end with its sentence. */
  readonly median: number;
  /** From here on it ends with its sentence. */
  readonly most: number;
}

/**
 * Quantiles 0.25, 0.5 and 0.95 of the character's speeches, held within what makes a conversation:
 * half of all speeches in a play are a line or less, which asked outright would be a poor answer.
 */
export function lengthBand(play: Play, character: CastMember): LengthBand {
  const counts = [...speeches(play)]
    .filter(({ speech }) => speech.speakers.includes(character.name))
    .map(({ speech }) => words(speech.lines.join(' ')).length)
    .sort((a, b) => a - b);
  const at = (share: number): number => counts[Math.floor(share * (counts.length - 1))] ?? 0;
  return {
    least: clamp(at(0.25), 4, 12),
    median: clamp(at(0.5), 18, 40),
    most: clamp(at(0.95), 48, 110),
  };
}

const clamp = (value: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, value));
