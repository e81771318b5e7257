import { portableLog } from '../measure/statistics/portable-math.ts';
import { calledBy } from '../play/called-by.ts';
import type { Play } from '../play/play.ts';
import { type ProperName, properNames } from '../play/proper-names.ts';
import type { DirectorContext } from './policies/chooser.ts';

/** What a choice is made from: the turns so far and who came on when. */
export type Situation = Pick<DirectorContext, 'turns' | 'entered'>;

/** What is known of the people of a play before anything is said. */
export interface KnownCast {
  readonly names: readonly ProperName[];
  /** Speeches of each in the play. */
  readonly speeches: ReadonlyMap<string, number>;
}

/** Features of a candidate in their order: what each is, as "log --kind next" prints it. */
export const turnFeatures = [
  'spoke before last',
  'called by the last turn',
  '1 / turns since last spoke',
  'share of the turns so far',
  'has just come on',
  'has not spoken yet',
  'called by the turn before',
  'spoke before last, and is asked',
  'spoke before last, and is called',
  'log share of the play',
  'spoke third last',
] as const;

/** Who is in a play, for `featuresOf`. */
export function knownCast(play: Play): KnownCast {
  return {
    names: properNames(play),
    speeches: new Map(play.cast.map(({ name, speeches }) => [name, speeches])),
  };
}

/** A row of numbers for each candidate, in the order of `turnFeatures`. */
export function featuresOf(
  { turns, entered }: Situation,
  candidates: readonly string[],
  cast: KnownCast,
): number[][] {
  const n = turns.length;
  const names = cast.names.filter(({ person }) => candidates.includes(person));
  const [last, beforeLast, thirdLast] = [turns.at(-1), turns.at(-2), turns.at(-3)];
  const [calledNow, calledBefore] = [last, beforeLast].map(
    (turn) => new Set(turn && [turn.to, ...calledBy(turn.text, names).map(({ person }) => person)]),
  );
  const asks = last?.text.includes('?') ?? false;
  const speeches = candidates.map((name) => cast.speeches.get(name) ?? 0);
  const all = [...cast.speeches.values()].reduce((sum, count) => sum + count, 0);
  return candidates.map((name, i) => {
    const lastAt = turns.findLastIndex(({ who }) => who === name);
    const isAba = beforeLast?.who === name;
    const isCalled = calledNow!.has(name);
    return [
      isAba,
      isCalled,
      lastAt < 0 ? 0 : 1 / (n - lastAt),
      n === 0 ? 0 : turns.filter(({ who }) => who === name).length / n,
      n > 0 && entered.get(name) === n,
      lastAt < 0,
      calledBefore!.has(name),
      isAba && asks,
      isAba && isCalled,
      portableLog((speeches[i]! + 1) / (all + cast.speeches.size + 1)),
      thirdLast?.who === name,
    ].map(Number);
  });
}
