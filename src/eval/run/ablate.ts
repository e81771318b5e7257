import type { Difference, Estimate } from '../../measure/metric.ts';
import type { Row } from '../../measure/row.ts';
import { difference } from '../../measure/statistics/difference.ts';
import { estimate } from '../../measure/statistics/estimate.ts';
import { holm } from '../../measure/statistics/holm.ts';
import {
  addUsage,
  type Component,
  type Components,
  componentsWhere,
  noUsage,
  ratesOf,
  type Usage,
} from '../subject.ts';
import type { Task } from '../task.ts';
import { AnswerStore, askRow } from './ask.ts';
import { type EvalPart, type EvalProgress, itemsOf } from './evaluate.ts';
import { mapped } from './mapped.ts';
import { subjectRow } from './task-rows.ts';

/** Levers that are on, in one of the settings compared. */
export interface Setting {
  /** "all", "none", "all but memory", "memory alone". */
  readonly name: string;
  readonly levers: Components;
  /** The setting it is compared with. */
  readonly against: string | null;
}

export interface AblationCell {
  readonly task: string;
  readonly metric: string;
  readonly unit: string;
  readonly higherIsBetter: boolean | null;
  readonly estimate: Estimate;
  /** This setting minus the one it is compared with, on the same items. */
  readonly difference: Difference | null;
}

export interface SettingResult {
  readonly setting: Setting;
  readonly cells: readonly AblationCell[];
  readonly cost: {
    /** Tokens evaluated for the same items: what a longer prompt costs. */
    readonly evaluatedTokens: number;
    readonly promptTokensPerSecond: number;
    readonly generatedTokensPerSecond: number;
    /** Tokens whose probability was asked for, per second: what steered scoring costs. */
    readonly scoredTokensPerSecond: number;
    /** Median. */
    readonly firstTokenMs: number;
  };
}

export interface Ablation {
  readonly format: 'dramatis-ablation';
  readonly formatVersion: 1;
  readonly levers: readonly Component[];
  readonly settings: readonly SettingResult[];
}

export interface AblateOptions {
  readonly levers: readonly Component[];
  /** Only with none of them and each by itself: half the work, where all of them at once are of no interest. */
  readonly alone?: boolean | undefined;
  readonly tasks: readonly Task[];
  readonly parts: readonly EvalPart[];
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How far an ablation has come, and after each setting what there is: whole but for the settings to come. */
export type AblationEvent = EvalProgress | { readonly kind: 'setting'; readonly soFar: Ablation };

/**
 * What each lever buys, from both ends: taken away from all of them, and put on alone. A lever that helps alone and is
 * not missed when it is taken away does what another does too.
 *
 * Levers that are not among those asked about stay as the subject has them.
 */
export async function* ablate(options: AblateOptions): AsyncGenerator<AblationEvent, Ablation> {
  const settings = settingsOf(options);
  const results: SettingResult[] = [];
  const soFar = (): Ablation => ({
    format: 'dramatis-ablation',
    formatVersion: 1,
    levers: options.levers,
    settings: [...results],
  });
  const rows = new Map<string, Map<Task, Row[]>>();
  const tasks = options.tasks.map((task) => ({
    task,
    parts: options.parts.map((part) => ({
      part,
      items: itemsOf(task, part, options.limit).filter((item) => task.requests(item).length > 0),
    })),
  }));
  const asked = tasks.filter(({ parts }) => parts.some(({ items }) => items.length > 0));
  for (const { task } of asked) await task.prepare?.();
  const steps = settings.length * asked.length;
  let step = 0;
  for (const setting of settings) {
    const store = new AnswerStore();
    let usage = noUsage;
    const byTask = new Map<Task, Row[]>();
    for (const { task, parts } of asked) {
      const found: Row[] = [];
      for (const { part, items } of parts) {
        const plan = {
          name: subjectRow,
          isAnchor: false,
          ask: {
            levers: setting.levers,
            requests: (item: (typeof items)[number]) => task.requests(item),
          },
        };
        const { subject } = part;
        const asking = askRow({ task, plan, items, subject, store, signal: options.signal });
        const one = yield* mapped(asking, (done): AblationEvent => {
          const total = items.length;
          const fraction = (step + done / Math.max(1, total)) / steps;
          return { kind: 'progress', task: task.name, row: setting.name, done, total, fraction };
        });
        found.push(...one.rows);
        usage = addUsage(usage, one.usage);
      }
      byTask.set(task, found);
      step++;
    }
    rows.set(setting.name, byTask);
    results.push({ setting, cells: cellsOf(setting, rows), cost: costOf(usage) });
    yield { kind: 'setting', soFar: soFar() };
  }
  return soFar();
}

function settingsOf({ levers: asked, alone = false, parts }: AblateOptions): Setting[] {
  const all = parts[0]!.subject.levers;
  const only = (on: (lever: Component) => boolean): Components =>
    componentsWhere((lever) => all[lever] && (!asked.includes(lever) || on(lever)));
  const together = [
    { name: 'all', levers: only(() => true), against: null },
    ...asked.map((lever) => ({
      name: `all but ${lever}`,
      levers: only((one) => one !== lever),
      against: 'all',
    })),
  ];
  return [
    ...(alone ? [] : together),
    { name: 'none', levers: only(() => false), against: alone ? null : 'all' },
    ...asked.map((lever) => ({
      name: `${lever} alone`,
      levers: only((one) => one === lever),
      against: 'none',
    })),
  ];
}

/** Figures of a task that are shown: its first, and one more that has a better side. */
const mostFigures = 2;

/** What is better one way, with Holm's correction over all of a setting. */
function cellsOf(
  { name, against }: Setting,
  rows: ReadonlyMap<string, ReadonlyMap<Task, readonly Row[]>>,
): AblationCell[] {
  const cells = [...rows.get(name)!].flatMap(([task, own]) => {
    const other = against === null ? undefined : rows.get(against)!.get(task)!;
    const telling = task.metrics.filter((metric, i) => i === 0 || metric.higherIsBetter !== null);
    return telling.slice(0, mostFigures).map((metric) => ({
      task: task.name,
      metric: metric.name,
      unit: metric.unit,
      higherIsBetter: metric.higherIsBetter,
      estimate: estimate(metric, own),
      difference: other ? difference(metric, own, other) : null,
    }));
  });
  const ps = holm(cells.map(({ difference }) => difference?.p ?? 1));
  return cells.map((cell, i) => ({
    ...cell,
    difference: cell.difference && { ...cell.difference, pHolm: ps[i]! },
  }));
}

function costOf(usage: Usage): SettingResult['cost'] {
  return {
    evaluatedTokens: usage.evaluatedTokens + usage.readTokens,
    scoredTokensPerSecond: usage.scoreMs > 0 ? (1000 * usage.scoredTokens) / usage.scoreMs : 0,
    ...ratesOf(usage),
  };
}

/** The table for a terminal of 80 columns: a block for each figure, a line for each setting. */
export function ablationText({ settings }: Ablation): string {
  const blocks = settings[0]!.cells.map(({ task, metric, higherIsBetter }) => {
    const lines = settings.map(({ setting, cells }) =>
      lineOf(setting, cells.find((one) => one.task === task && one.metric === metric)!),
    );
    const less = higherIsBetter === false ? ', less is better' : '';
    return [`${task}: ${metric}${less}`, ...lines].join('\n');
  });
  const column = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(20) : cell.padStart(11))).join('');
  const costs = settings.map(({ setting, cost }) =>
    column([
      setting.name,
      `${cost.evaluatedTokens}`,
      rate(cost.promptTokensPerSecond),
      rate(cost.generatedTokensPerSecond),
      rate(cost.scoredTokensPerSecond),
      rate(cost.firstTokenMs),
    ]),
  );
  const head = column(['cost', 'read', 'read/s', 'said/s', 'scored/s', 'first ms']);
  const few = settings[0]!.cells.filter(({ estimate: { clusters } }) => clusters < fewestClusters);
  const names = [...new Set(few.map(({ task }) => task))].join(', ');
  const warning = `! Items from one or two scenes only, so no interval: ${names}. --split all has more.`;
  const cost = [head, ...costs].map((line) => `  ${line}`).join('\n');
  return [...blocks, cost, ...(few.length > 0 ? [warning] : [])].join('\n\n');
}

/** With fewer scenes no interval is printed: it would say nothing of the figure. */
const fewestClusters = 3;

function lineOf(
  { name, against }: Setting,
  { estimate: of, difference: found }: AblationCell,
): string {
  const isFew = of.clusters < fewestClusters;
  const interval = isFew ? '–' : `[${figure(of.low)}, ${figure(of.high)}]`;
  const score = `${figure(of.value)} ${interval}`;
  const range = isFew ? '–' : `[${signed(found?.low ?? 0)}, ${signed(found?.high ?? 0)}]`;
  const change = found ? `${signed(found.value)} ${range} p ${figure(found.pHolm)}` : '';
  return `  ${name.padEnd(20)} ${score.padEnd(21)} ${change}${found ? ` vs ${against}` : ''}`.trimEnd();
}

const figure = (value: number, digits = 3): string =>
  Number.isFinite(value) ? value.toFixed(digits) : '–';
/** Nothing was read or said where it is 0. */
const rate = (value: number): string => (value > 0 ? value.toFixed(0) : '–');
const signed = (value: number): string => (value > 0 ? `+${figure(value)}` : figure(value));
