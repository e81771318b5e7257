import { readFileSync } from 'node:fs';
import type { Source } from '../corpus/source.ts';
import type { Row, Values } from '../measure/row.ts';
import { type ConversationItem, conversationTask, type Stretch } from './tasks/conversation.ts';
import { duet } from './tasks/duet.ts';
import { turnMetrics } from './turn-measures.ts';

/** Where a figure lies in conversations of the plays. */
export interface Band {
  /** Conversations that have the figure. */
  readonly n: number;
  readonly mean: number;
  /** Standard deviation over conversations. */
  readonly sd: number;
  /** The tenth and the ninetieth of a hundred. */
  readonly low: number;
  readonly high: number;
}

/** Bands by the name of the metric: of conversations of two, and of three and more. */
export interface TurnBands {
  readonly two: Readonly<Record<string, Band>>;
  readonly several: Readonly<Record<string, Band>>;
}

/** Turns of a scene on the stage, unless told otherwise. */
const windowTurns = 24;
const leastSpeakers = 3;

/** Windows of 24 turns with three speakers or more, one after the other from the start of each scene. */
const several = conversationTask(
  { name: 'several', version: 1, summary: '', invariants: [] },
  ({ scene, turns }) => {
    const windows: Stretch[] = [];
    for (let from = 0; from + windowTurns <= turns.length; from += windowTurns)
      windows.push({ scene, turns: turns.slice(from, from + windowTurns) });
    const count = ({ turns: own }: Stretch): number =>
      new Set(own.map(({ speaker }) => speaker)).size;
    return windows.filter((window) => count(window) >= leastSpeakers);
  },
);

/** Bands of every figure of `turnMetrics` over the conversations of some plays. */
export function measureTurnBands(sources: readonly Source[]): TurnBands {
  return { two: bandsOf(sources, duet), several: bandsOf(sources, several) };
}

function bandsOf(
  sources: readonly Source[],
  task: ReturnType<typeof conversationTask>,
): Record<string, Band> {
  const rows = sources
    .flatMap((source) => task.items(source))
    .map((item): Row<ConversationItem> => ({ item, answers: [], values: task.measure(item, []) }));
  const bands = turnMetrics.map(({ name, of }): [string, Band] => {
    const figures = rows
      .map((row) => (of ? of([row]) : row.values[name]!))
      .filter((figure) => !Number.isNaN(figure));
    return [name, bandOf(figures.sort((a, b) => a - b))];
  });
  return Object.fromEntries(bands.filter(([, { n }]) => n > 0));
}

function bandOf(ascending: readonly number[]): Band {
  const n = ascending.length;
  const mean = ascending.reduce((sum, figure) => sum + figure, 0) / n;
  const squares = ascending.reduce((sum, figure) => sum + (figure - mean) ** 2, 0);
  const [low, high] = [0.1, 0.9].map((share) => quantile(ascending, share));
  const rounded = (value: number): number => Number(value.toFixed(4));
  return {
    n,
    mean: rounded(mean),
    sd: rounded(n > 1 ? Math.sqrt(squares / (n - 1)) : 0),
    low: rounded(low!),
    high: rounded(high!),
  };
}

function quantile(ascending: readonly number[], share: number): number {
  const at = share * (ascending.length - 1);
  const below = ascending[Math.floor(at)]!;
  return below + (ascending[Math.ceil(at)]! - below) * (at % 1);
}

let shipped: TurnBands | undefined;

/** The bands of Hamlet and Macbeth, as data/turn-bands.json has them. */
export function shippedTurnBands(): TurnBands {
  const path = new URL('../../data/turn-bands.json', import.meta.url);
  shipped ??= JSON.parse(readFileSync(path, 'utf8')) as TurnBands;
  return shipped;
}

/** Where a figure lies; missing for one that no band is known of. */
export type Standing = 'below' | 'inside' | 'above';

/** Where each figure of a conversation lies against a band: never a sum, for to be like the plays is not to be high. */
export function turnProfile(
  figures: Values,
  bands: Readonly<Record<string, Band>>,
): Readonly<Record<string, Standing>> {
  return Object.fromEntries(
    Object.entries(figures).flatMap(([name, figure]): [string, Standing][] => {
      const band = bands[name];
      if (!band || Number.isNaN(figure)) return [];
      return [[name, figure < band.low ? 'below' : figure > band.high ? 'above' : 'inside']];
    }),
  );
}
