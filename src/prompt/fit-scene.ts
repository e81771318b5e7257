import { DramatisError } from '../errors.ts';
import type { SceneParts, ScenePrompt } from './prompt.ts';

/**
 * Cuts a scene to a budget of tokens: the oldest turns go first, so that what is left never begins with the
 * speaker's own, a question always with its answers; then what is recalled, the least fitting first. The last turn stays.
 *
 * @param write The prompt of a part of the scene.
 * @throws {DramatisError} WINDOW_EXCEEDED if the last turn alone does not fit.
 */
export function fitScene(
  scene: SceneParts,
  budgetTokens: number,
  write: (scene: SceneParts, dropped: number) => ScenePrompt,
): ScenePrompt {
  const { turns, recalled = [], speaker } = scene;
  const from = (first: number): ScenePrompt =>
    write({ ...scene, turns: turns.slice(first) }, first);
  const fits = ({ tokens }: ScenePrompt): boolean => tokens.length <= budgetTokens;
  let prompt = from(0);
  if (fits(prompt)) return prompt;

  const last = Math.max(0, turns.length - 1);
  const starts = turns.flatMap((turn, i) => (i > 0 && turn.speaker !== speaker ? [i] : []));
  if (last > 0 && starts.at(-1) !== last) starts.push(last);
  // The first start from which the rest fits: the fewer turns, the fewer tokens.
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fits(from(starts[middle]!))) high = middle;
    else low = middle + 1;
  }
  const first = starts[low];
  if (first !== undefined) return from(first);

  for (let kept = recalled.length; kept >= 0; kept--) {
    prompt = write({ ...scene, turns: turns.slice(last), recalled: recalled.slice(0, kept) }, last);
    if (fits(prompt)) return prompt;
  }
  throw new DramatisError(
    'WINDOW_EXCEEDED',
    `the last turn and the persona have ${prompt.tokens.length} tokens; ${budgetTokens} fit`,
  );
}
