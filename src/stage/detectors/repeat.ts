import { RunIndex } from '../../corpus/gates/run-index.ts';
import { sharedRun } from '../../corpus/gates/shared-run.ts';
import { sentencesOf } from '../../play/sentences.ts';
import { repeatedRun, wholeOf } from '../said-again.ts';
import type { Attempt } from './attempts.ts';
import { type Detector, lately, lookBack, type SceneSoFar } from './detector.ts';

/** So many repeats in eight turns are a loop. */
const loopRepeats = 3;
/** So often the same turn of somebody in the last eight, word for word, is a loop. */
const loopTimes = 3;

/**
 * Turns of the last eight that say five words again which their speaker said before, silences because of it among them: then
 * the repeated sentences leave all views, so that nobody copies them; at three such turns the scene ends, or when one turn
 * has been said three times.
 */
export const repeat: Detector = {
  name: 'repeat',
  read({ attempts }) {
    const last = attempts.at(-1);
    // A person may say again what they like.
    if (!last || last.playedBy === 'human') return undefined;
    const times = timesSaid(attempts);
    const isAgain = isRepeat(attempts, attempts.length - 1);
    if (!isAgain && times < loopTimes) return undefined;
    const start = Math.max(0, attempts.length - lookBack);
    const repeats = attempts.slice(start).filter((_, i) => isRepeat(attempts, start + i)).length;
    const value = times >= loopTimes ? Math.max(repeats, loopRepeats) : repeats;
    return { value, who: last.who, detail: `“${isAgain ? wordsAgain(attempts) : last.text}”` };
  },
  act(scene, { value }) {
    if (value >= loopRepeats) return { do: 'end', reason: 'loop' };
    return { do: 'forget', sentences: sentencesAgain(scene) };
  },
};

/** Whether the turn at an index says five words of its speaker's again, or is silent because its drafts did. */
export function isRepeat(attempts: readonly Attempt[], at: number): boolean {
  const { text, struck } = attempts[at]!;
  if (text === undefined) return struck.at(-1)?.guard === 'repeat';
  const run = sharedRun(text, ownBefore(attempts, at));
  return run !== undefined && run.length >= repeatedRun;
}

function ownBefore(attempts: readonly Attempt[], at: number): RunIndex {
  const { who } = attempts[at]!;
  const own = attempts.slice(0, at).filter((one) => one.who === who);
  return new RunIndex(own.map(({ text = '', n }) => ({ place: String(n), text })));
}

/** What was said last, or would have been. */
function lastWords({ attempts }: Pick<SceneSoFar, 'attempts'>): string {
  const last = attempts.at(-1)!;
  return last.text ?? last.struck.at(-1)?.text ?? '';
}

function wordsAgain(attempts: readonly Attempt[]): string {
  const run = sharedRun(lastWords({ attempts }), ownBefore(attempts, attempts.length - 1));
  return run?.words ?? '';
}

/** How often the last turn's speaker has said it in the last eight turns, be it one word. */
function timesSaid(attempts: readonly Attempt[]): number {
  const last = attempts.at(-1)!;
  if (last.text === undefined) return 0;
  const said = wholeOf(last.text);
  return lately({ attempts }).filter(
    ({ who, text }) => who === last.who && text !== undefined && wholeOf(text) === said,
  ).length;
}

/** The sentences with words that are said again, of the last turn and of those before it. */
function sentencesAgain(scene: SceneSoFar): readonly string[] {
  const { attempts } = scene;
  const text = lastWords(scene);
  const { who } = attempts.at(-1)!;
  const before = attempts.slice(0, -1).filter((one) => one.who === who);
  const later = new RunIndex([{ place: '', text }]);
  const earlier = ownBefore(attempts, attempts.length - 1);
  const have = (index: RunIndex) => (sentence: string) =>
    (sharedRun(sentence, index)?.length ?? 0) >= repeatedRun;
  const found = [
    ...before.flatMap((one) => sentencesOf(one.text ?? '')).filter(have(later)),
    ...sentencesOf(text).filter(have(earlier)),
  ];
  // Words that go over a sentence's end are in none: then all that was said last goes.
  return [...new Set(found.length > 0 ? found : sentencesOf(text))];
}
