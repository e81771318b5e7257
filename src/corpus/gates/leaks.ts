import { DramatisError } from '../../errors.ts';
import type { Play } from '../../play/play.ts';
import { speeches } from '../../play/speeches.ts';
import type { SceneSplit, SplitPart } from '../splits/scene-split.ts';
import { splitsFile } from '../splits/splits-file.ts';
import { type PlacedText, RunIndex } from './run-index.ts';
import { type SharedRun, sharedCount, sharedRuns } from './shared-run.ts';

/**
 * Words in a row that no two parts may share. Over ten random splits of Hamlet and Macbeth by scene no held-out speech
 * shares more than six with train: eight are no coincidence.
 */
const leakWords = 8;
/** Shorter runs do occur, but rarely: of those of six words at most this share may be in train too. */
const rare = { words: 6, mostShare: 0.0005 } as const;
/** So many are quoted in a message. */
const quoted = 3;

/** A play with its parts. */
interface Divided {
  readonly play: Play;
  readonly split: SceneSplit;
}

/** Words that stand in two parts. */
interface Leak {
  readonly part: 'dev' | 'holdout';
  /** Place of the speech that should be unknown. */
  readonly place: string;
  /** The run that stands in a speech of an earlier part too, at its `place`: train, or for holdout dev as well. */
  readonly run: SharedRun;
}

export interface LeakReport {
  readonly leaks: readonly Leak[];
  /** Runs of six words in dev and holdout, and how many of them stand in an earlier part too. */
  readonly rare: { readonly shared: number; readonly all: number };
}

/**
 * Looks for words that stand in two parts of a play, or of plays that are trained on together.
 *
 * Dev is compared with train, holdout with both: thresholds are set on dev. Speeches are compared, not what a run of
 * words across two of them says.
 *
 * @param isAllowed Eight words that may be shared. Default: those that data/splits.json lists.
 */
export function findLeaks(
  plays: readonly Divided[],
  isAllowed: (words: string) => boolean = isListed,
): LeakReport {
  const index = new RunIndex(speechesIn(plays, 'train'));
  const leaks: Leak[] = [];
  const found = { shared: 0, all: 0 };
  for (const part of ['dev', 'holdout'] as const) {
    const texts = [...speechesIn(plays, part)];
    for (const { text, place } of texts) {
      for (const run of sharedRuns(text, index, leakWords, isAllowed))
        leaks.push({ part, place, run });
      const { shared, all } = sharedCount(text, index, rare.words);
      found.shared += shared;
      found.all += all;
    }
    for (const text of texts) index.add(text);
  }
  return { leaks, rare: found };
}

/**
 * Makes sure that the parts of the plays share nothing.
 *
 * @throws {DramatisError} LEAK with the first words that do, and where they stand.
 */
export function requireNoLeaks(plays: readonly Divided[]): void {
  const { leaks, rare: found } = findLeaks(plays);
  if (leaks.length > 0) {
    const list = leaks.slice(0, quoted).map(({ part, place, run }) => {
      return `"${run.words}" (${part} ${place}, also ${run.place})`;
    });
    throw new DramatisError(
      'LEAK',
      `${stand(leaks.length, `${leakWords} words or more`)}: ${list.join(', ')}`,
    );
  }
  if (found.shared > rare.mostShare * found.all)
    throw new DramatisError(
      'LEAK',
      `${stand(found.shared, `${rare.words} words`)}, of ${found.all}: more than ${rare.mostShare * 100} %`,
    );
}

function stand(count: number, ofWords: string): string {
  const runs = count === 1 ? '1 run' : `${count} runs`;
  return `${runs} of ${ofWords} ${count === 1 ? 'stands' : 'stand'} in two parts`;
}

/** The speeches of a play that a model may be measured on: what it must not be shown. */
export function heldOutIndex(...plays: readonly Divided[]): RunIndex {
  return new RunIndex([...speechesIn(plays, 'dev'), ...speechesIn(plays, 'holdout')]);
}

/** The runs of words of a text shown to a model that it is not to have seen. */
export function leaksInto(
  text: string,
  heldOut: RunIndex,
  isAllowed: (words: string) => boolean = isListed,
): SharedRun[] {
  return sharedRuns(text, heldOut, leakWords, isAllowed);
}

/**
 * Makes sure that what a model is shown beside the scene it is asked about has nothing that is held out.
 *
 * @param shown What it is called, such as "the persona of HAMLET", and its words.
 * @throws {DramatisError} LEAK with the first such words.
 */
export function requireUnseen(
  shown: readonly { readonly name: string; readonly text: string }[],
  heldOut: RunIndex,
): void {
  for (const { name, text } of shown) {
    const [run] = leaksInto(text, heldOut);
    if (run)
      throw new DramatisError(
        'LEAK',
        `${name} says "${run.words}", which is held out (${run.place})`,
      );
  }
}

/**
 * Makes sure that items are of the part they are taken for.
 *
 * @throws {DramatisError} LEAK with the first that is of another, or that is asked about another scene than its own.
 */
export function requirePart(
  items: Iterable<{ readonly id: string; readonly scene: string; readonly place: string }>,
  part: SplitPart,
  split: SceneSplit,
): void {
  for (const { id, scene, place } of items) {
    if (place !== scene && !place.startsWith(`${scene}.`))
      throw new DramatisError('LEAK', `item ${id} of scene ${scene} is about ${place}`);
    const own = split.partOf(scene);
    if (own !== part)
      throw new DramatisError('LEAK', `item ${id} is taken for ${part}, but ${scene} is ${own}`);
  }
}

function* speechesIn(plays: readonly Divided[], part: SplitPart): Generator<PlacedText> {
  for (const { play, split } of plays)
    for (const { act, scene, speech } of speeches(play))
      if (split.partOf(`${act.number}.${scene.number}`) === part)
        yield { place: speech.place, text: speech.lines.join('\n') };
}

let listed: ReadonlySet<string> | undefined;

function isListed(run: string): boolean {
  listed ??= new Set(splitsFile().allowed.map(({ words }) => words));
  return listed.has(run);
}
