import type { Attempt } from './attempts.ts';
import type { Detector } from './detector.ts';

/** On a stage of two nobody else can speak. */
const fewestOnStage = 3;
const nudgeLogits = 1;

/** Turns in a row that go back to who spoke before last while a third is there: then whoever has been silent longest is likelier to speak. */
export const lock: Detector = {
  name: 'lock',
  quietTurns: 3,
  read({ attempts, onStage }) {
    const value = alternating(attempts);
    if (onStage.length < fewestOnStage || value === 0) return undefined;
    const silent = longestSilent(attempts, onStage);
    return silent === undefined ? undefined : { value, who: silent };
  },
  act: (_, { who }) => ({ do: 'nudge', who: who!, logits: nudgeLogits }),
};

/** How many of the last turns in a row go back to who spoke before last, with three or more on stage. */
export function alternating(attempts: readonly Attempt[]): number {
  let length = 0;
  for (let at = attempts.length - 1; at >= 0; at--) {
    const { who, onStage } = attempts[at]!;
    const next = attempts[at + 1]?.who;
    const afterNext = attempts[at + 2]?.who;
    const isSame = afterNext === undefined || who === afterNext;
    if (onStage < fewestOnStage || who === next || (length > 1 && !isSame)) break;
    length++;
  }
  return Math.max(0, length - 2);
}

/** Who on stage spoke last the longest ago, but for the last two speakers; who has not spoken goes first. */
function longestSilent(
  attempts: readonly Attempt[],
  onStage: readonly string[],
): string | undefined {
  const lastTwo = attempts.slice(-2).map(({ who }) => who);
  return onStage
    .filter((name) => !lastTwo.includes(name))
    .map((name) => ({ name, at: attempts.findLastIndex(({ who }) => who === name) }))
    .sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1))[0]?.name;
}
