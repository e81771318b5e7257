import type { Recorded, StageEvent } from './events.ts';
import type { StageState, StageTurn } from './state.ts';

/** What stands at one place in two scenes; undefined where one of them is shorter. */
interface TurnPair {
  readonly a: StageTurn | undefined;
  readonly b: StageTurn | undefined;
  /** Whether the same person says the same words to the same people. */
  readonly isSame: boolean;
}

/** A setting that differs, as JSON. */
interface SettingPair {
  /** Such as "seed" or "director.policy". */
  readonly name: string;
  readonly a: string;
  readonly b: string;
}

/** How two scenes differ. */
export interface SceneDiff {
  readonly settings: readonly SettingPair[];
  /** Turn by turn, as long as the longer scene. */
  readonly turns: readonly TurnPair[];
  /** Index of the first pair that differs; −1 if none does. */
  readonly first: number;
}

/** Compares what two scenes were opened with, and their turns that count. */
export function diffScenes(a: StageState, b: StageState): SceneDiff {
  const length = Math.max(a.turns.length, b.turns.length);
  const turns = Array.from({ length }, (_, i): TurnPair => {
    const [left, right] = [a.turns[i], b.turns[i]];
    return { a: left, b: right, isSame: saidAs(left) === saidAs(right) };
  });
  return { settings: settings(a, b), turns, first: turns.findIndex(({ isSame }) => !isSame) };
}

const saidAs = (turn: StageTurn | undefined): string =>
  turn ? JSON.stringify([turn.who, turn.to, turn.text, turn.isAside, turn.heard]) : '';

/** What no two scenes have in common. */
const ownNames = new Set(['id', 'n', 'time', 'parent']);

function settings(a: StageState, b: StageState): SettingPair[] {
  const [left, right] = [flat(a.open), flat(b.open)];
  const names = new Set([...left.keys(), ...right.keys()]);
  return [...names].flatMap((name) => {
    const [one, other] = [left.get(name) ?? '', right.get(name) ?? ''];
    return one === other ? [] : [{ name, a: one, b: other }];
  });
}

/** Fields of an opening by path, those of objects inside it one by one. */
function flat(open: Recorded<StageEvent> | undefined): Map<string, string> {
  const fields = new Map<string, string>();
  const walk = (value: object, path: string): void => {
    for (const [name, field] of Object.entries(value)) {
      if (path === '' && ownNames.has(name)) continue;
      const isRecord = typeof field === 'object' && field !== null && !Array.isArray(field);
      if (isRecord) walk(field, `${path}${name}.`);
      else if (field !== undefined) fields.set(`${path}${name}`, JSON.stringify(field));
    }
  };
  walk(open ?? {}, '');
  return fields;
}
