import { DramatisError } from '../errors.ts';
import { type LeverName, leverDescriptions, onByDefault } from './lever-descriptions.ts';

export const leverNames = Object.keys(leverDescriptions) as LeverName[];

/** Names under which results and conversations on disk may list a lever that was removed: one and the same. */
const removedNames: readonly string[] = ['simple', 'steering'];

/** How strongly levers act; defaults where a number is not given. */
export interface Strengths {
  /** λ: all log-weights are multiplied by it. 1 unless given. */
  readonly strength?: number | undefined;
  /** α while contrast is on. */
  readonly alpha?: number | undefined;
  /** How strongly the control vector acts while it is on. */
  readonly controlGain?: number | undefined;
}

/** The strengths alone, of an object that has other fields too. */
export function strengthsOf({ strength, alpha, controlGain }: Strengths): Strengths {
  return { strength, alpha, controlGain };
}

/** α while contrast is on and nobody says otherwise. */
export const defaultAlpha = 1.5;
/** How strongly the control vector acts while that lever is on and nobody says otherwise. */
export const defaultControl = 1;

/**
 * Reads the levers of a list such as "lexicon,verse", "on" or "off"; or changes to those that are on, such as
 * "+reflection,-ban". "on" in a list stands for the levers that are on by default.
 *
 * @param from What "+" and "-" change. Default: the levers that are on by default.
 * @throws {DramatisError} USAGE for a name that no lever has, and for a list with names both with and without a sign.
 */
export function parseLeverNames(
  given: string,
  from: readonly LeverName[] = onByDefault,
): LeverName[] {
  if (given === 'off') return [];
  const words = given.split(',').map((word) => word.trim().toLowerCase());
  const signed = words.filter((word) => /^[+-]/.test(word));
  if (signed.length === 0) return namesOf(words);
  if (signed.length < words.length)
    throw new DramatisError('USAGE', `"${given}" has levers both with and without a sign`, {
      remedy:
        'Give changes such as "+reflection,-ban", or the whole list such as "ban,reflection".',
    });
  const withSign = (sign: string): LeverName[] =>
    namesOf(signed.filter((word) => word[0] === sign).map((word) => word.slice(1)));
  const [added, removed] = [withSign('+'), withSign('-')];
  return leverNames.filter(
    (name) => (from.includes(name) || added.includes(name)) && !removed.includes(name),
  );
}

function namesOf(words: readonly string[]): LeverName[] {
  const names = words.flatMap((word): readonly string[] => (word === 'on' ? onByDefault : [word]));
  refuseRemoved(names);
  const wrong = names.find((name) => !leverNames.some((lever) => lever === name));
  if (wrong !== undefined) {
    throw new DramatisError('USAGE', `there is no lever "${wrong}"`, {
      remedy: `Give "on", "off", some of ${leverNames.join(', ')} with commas between, or changes such as "+reflection,-ban".`,
    });
  }
  return leverNames.filter((name) => names.includes(name));
}

/** @throws {DramatisError} USAGE for a lever that former versions had, with those that do its work now. */
export function refuseRemoved(names: readonly string[]): void {
  const removed = names.find((name) => removedNames.includes(name));
  if (removed === undefined) return;
  throw new DramatisError('USAGE', `the lever "${removed}" was removed`, {
    remedy:
      'Give lexicon for the character’s words, tags to end before anybody else speaks, length to stop as their speeches do: lexicon,tags,length.',
  });
}
