import { DramatisError } from '../errors.ts';
import type { SceneLine, SceneParts, ScenePrompt } from './prompt.ts';

/** Share of the budget that stays free for what the last turn brings with it: what is recalled is longer in one turn than in another. */
const reserved = 1 / 6;
/** Share of the budget that a scene is cut to when it no longer fits. */
const keptShare = 1 / 2;
/** Share of what is left beside the part that never changes, where that part takes more than half of the budget. */
const keptTurnsShare = 1 / 3;

/** How a scene is written, and how long each turn of it is. */
export interface SceneWriter {
  /** The prompt of a part of the scene. */
  write(scene: SceneParts, dropped: number): ScenePrompt;
  /** Tokens of a turn that has been said, about. */
  tokensOf(turn: SceneLine): number;
}

/**
 * Cuts a scene to a budget of tokens: the oldest turns go first, so that what is left never begins with the
 * speaker's own, a question always with its answers; then what is recalled, the least fitting first. The last turn stays.
 *
 * Turns go in blocks: when they no longer fit, half of the budget is left at once. Where a scene is cut follows from its
 * turns alone, from the first on, so that many prompts in a row begin alike and are read once: one that dropped a turn at
 * a time would be read anew each time.
 *
 * @throws {DramatisError} WINDOW_EXCEEDED if the last turn alone does not fit.
 */
export function fitScene(
  scene: SceneParts,
  budgetTokens: number,
  { write, tokensOf }: SceneWriter,
): ScenePrompt {
  const { turns, recalled = [] } = scene;
  const from = (first: number): ScenePrompt =>
    write({ ...scene, turns: turns.slice(first) }, first);
  const fits = ({ tokens }: ScenePrompt): boolean => tokens.length <= budgetTokens;
  let prompt = from(0);
  if (prompt.tokens.length <= budgetTokens * (1 - reserved)) return prompt;

  const starts = startsOf(scene);
  const cut = blockStart(scene, { budgetTokens, starts, fixed: prompt.prefixLength, tokensOf });
  if (cut > 0) prompt = from(cut);
  if (fits(prompt)) return prompt;

  // What the last turn brings with it is longer than was left free: the fewer turns, the fewer tokens.
  const later = starts.filter((start) => start > cut);
  let [low, high] = [0, later.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fits(from(later[middle]!))) high = middle;
    else low = middle + 1;
  }
  const first = later[low];
  if (first !== undefined) return from(first);

  const last = Math.max(0, turns.length - 1);
  for (let kept = recalled.length; kept >= 0; kept--) {
    prompt = write({ ...scene, turns: turns.slice(last), recalled: recalled.slice(0, kept) }, last);
    if (fits(prompt)) return prompt;
  }
  throw new DramatisError(
    'WINDOW_EXCEEDED',
    `the last turn and the persona have ${prompt.tokens.length} tokens; ${budgetTokens} fit`,
  );
}

/** Turns that a scene may be cut before: those of others, and the last. */
function startsOf({ turns, speaker }: SceneParts): number[] {
  const last = Math.max(0, turns.length - 1);
  const starts = turns.flatMap((turn, i) => (i > 0 && turn.speaker !== speaker ? [i] : []));
  if (last > 0 && starts.at(-1) !== last) starts.push(last);
  return starts;
}

/** Where the block begins that a scene is in: as if it had been asked to fit at each turn, from its first on. */
function blockStart(
  { turns }: SceneParts,
  {
    budgetTokens,
    starts,
    fixed,
    tokensOf,
  }: {
    readonly budgetTokens: number;
    readonly starts: readonly number[];
    readonly fixed: number;
    readonly tokensOf: (turn: SceneLine) => number;
  },
): number {
  const most = budgetTokens * (1 - reserved) - fixed;
  const kept = Math.max(budgetTokens * keptShare - fixed, (budgetTokens - fixed) * keptTurnsShare);
  const sizes = turns.map(tokensOf);
  let start = 0;
  let held = 0;
  for (let i = 0, next = 0, asked = 0; i < turns.length; i++) {
    held += sizes[i]!;
    if (starts[asked] !== i) continue;
    asked++;
    if (held <= most) continue;
    // The first turn from which the rest is short enough; the one at hand if none is.
    for (; next < asked && held > kept; next++)
      for (const to = starts[next]!; start < to; start++) held -= sizes[start]!;
  }
  return start;
}
