import type { Recorded, StageEvent } from '../../stage/events.ts';
import { type StageState, stateOf } from '../../stage/state.ts';

/** What can be counted of a scene. */
export interface SceneStats {
  readonly events: Readonly<Record<string, number>>;
  readonly figures: Omit<StageState['figures'], 'shares'>;
  readonly shares: StageState['figures']['shares'];
  /** Drafts that were struck, by guard. */
  readonly struck: Readonly<Record<string, number>>;
  readonly alarms: Readonly<Record<string, number>>;
  /** Share of the prompts' tokens that were there already. */
  readonly reused: number | undefined;
  /** Median of the milliseconds from a choice to the first token. */
  readonly firstTokenMs: number | undefined;
  readonly tokensPerSecond: number | undefined;
}

export function statsOf(records: readonly Recorded[]): SceneStats {
  const state = stateOf(records);
  const { shares, ...figures } = state.figures;
  const views = records.flatMap((event) => (event.kind === 'view' ? [event] : []));
  const timed = state.turns.flatMap(({ ms, tokens }) =>
    ms && tokens && tokens.length > 1 ? [{ ...ms, tokens: tokens.length }] : [],
  );
  const [read, reused] = [sum(views, 'tokens'), sum(views, 'reused')];
  const firsts = timed.map(({ first }) => first).sort((a, b) => a - b);
  const seconds = timed.reduce((total, { first, all }) => total + (all - first) / 1000, 0);
  const drawn = timed.reduce((total, { tokens }) => total + tokens - 1, 0);
  return {
    events: counted(records.map(({ kind }) => kind)),
    ...{ figures, shares },
    struck: counted(state.struck.map(({ guard }) => guard)),
    alarms: counted(state.alarms.map(({ detector }) => detector)),
    reused: read === 0 ? undefined : reused / read,
    firstTokenMs: firsts[firsts.length >> 1],
    tokensPerSecond: seconds === 0 ? undefined : drawn / seconds,
  };
}

export function statsText(stats: SceneStats): string {
  const { figures, shares, struck, alarms, events, reused, firstTokenMs, tokensPerSecond } = stats;
  const { turns, words, tokens, struckShare } = figures;
  const list = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'none';
  const share = (part: number): string => `${Math.round(100 * part)} %`;
  return [
    `turns     ${turns}, ${plural(words, 'word')}, ${plural(tokens, 'token')}`,
    ...Object.entries(shares).map(
      ([name, own]) =>
        `          ${name}: ${plural(own.turns, 'turn')}, ${plural(own.words, 'word')} (${share(words === 0 ? 0 : own.words / words)})`,
    ),
    `struck    ${list(struck)}; ${share(struckShare)} of all drafts`,
    `alarms    ${list(alarms)}`,
    `reused    ${reused === undefined ? '–' : `${share(reused)} of what prompts have`}`,
    `speed     ${tokensPerSecond === undefined ? '–' : `${tokensPerSecond.toFixed(1)} tokens/s, first token after ${Math.round(firstTokenMs ?? 0)} ms (median)`}`,
    `events    ${list(events)}`,
  ].join('\n');
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function counted(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

const sum = (
  views: readonly Extract<StageEvent, { readonly kind: 'view' }>[],
  name: 'tokens' | 'reused',
): number => views.reduce((total, view) => total + view[name], 0);
