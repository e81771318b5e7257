import {
  heldOutIndex,
  requireNoLeaks,
  requirePart,
  requireUnseen,
} from '../../corpus/gates/leaks.ts';
import type { Source } from '../../corpus/source.ts';
import { isShadow } from '../../corpus/splits/split.ts';
import { trainPlay } from '../../corpus/splits/without-scenes.ts';
import { DramatisError } from '../../errors.ts';
import type { Item, Row } from '../../measure/row.ts';
import { findCharacter } from '../../play/cast/find-character.ts';
import { personaOf } from '../../prompt/persona/persona.ts';
import { personaTexts } from '../../prompt/persona/persona-texts.ts';
import type { TaskResult } from '../results.ts';
import { addUsage, noUsage, type Subject, type Usage } from '../subject.ts';
import type { Task } from '../task.ts';
import { AnswerStore, askRow } from './ask.ts';
import { mapped } from './mapped.ts';
import type { Split } from './run-size.ts';
import { summarise } from './summarise.ts';
import { type RowPlan, rowPlans } from './task-rows.ts';
import { limited } from './units.ts';

/** Some of a play's scenes and who is measured on them: all of a split, or one of five folds. */
export interface EvalPart {
  /** The play, whose split says what is held out. */
  readonly source: Source;
  readonly split: Split;
  readonly subject: Subject;
}

export interface EvaluateOptions {
  readonly parts: readonly EvalPart[];
  readonly tasks: readonly Task[];
  /** Items of each task, at most. */
  readonly limit?: number | undefined;
  /** Whether the anchors are asked that test the measure and not the subject; true unless given. */
  readonly anchors?: boolean | undefined;
  readonly store?: AnswerStore;
  readonly signal?: AbortSignal | undefined;
}

/** How far a run has come, each task once it is measured, and those that have no item in the scenes asked about. */
export type EvalEvent =
  | EvalProgress
  | { readonly kind: 'measured'; readonly measured: Measured }
  | { readonly kind: 'empty'; readonly task: string };

export interface EvalProgress {
  readonly kind: 'progress';
  readonly task: string;
  readonly row: string;
  /** Items, of this row of this task. */
  readonly done: number;
  readonly total: number;
  /** Share of the items of the whole run that are done, 0 to 1. */
  readonly fraction: number;
}

/** A task with all its rows. */
export interface Measured {
  readonly task: Task;
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  readonly result: TaskResult;
  readonly seconds: number;
  readonly usage: Usage;
}

/** The items of a task that a part asks. */
export function itemsOf(
  task: Task,
  { source, split }: Pick<EvalPart, 'source' | 'split'>,
  limit?: number,
): readonly Item[] {
  if (split === 'all') return limited(task.items(source), limit);
  const part = split === 'shadow' ? 'train' : split;
  const own = task.items(source).filter(({ id, scene }) => {
    if (source.split.partOf(scene) !== part) return false;
    return part !== 'train' || isShadow(id) === (split === 'shadow');
  });
  requirePart(own, part, source.split);
  return limited(own, limit);
}

/**
 * Runs tasks one after another: for each row of each task every item is asked and measured, then all rows are
 * summarised together.
 *
 * @throws {DramatisError} LEAK before anything is asked if a part shares words with another; NO_ITEMS if there is
 *   nothing to ask; what the subject throws; `signal.reason`.
 */
export async function* evaluate(options: EvaluateOptions): AsyncGenerator<EvalEvent, void> {
  const { parts, tasks, signal, store = new AnswerStore() } = options;
  for (const { source } of parts) guard(source);
  const asked = tasks.map((task) => plan(task, options));
  if (asked.every(({ total }) => total === 0)) throw noItems(parts, tasks);
  const all = asked.reduce((sum, { work }) => sum + work, 0);
  let before = 0;
  for (const { task, planned, work } of asked) {
    const start = performance.now();
    await task.prepare?.();
    const rows = new Map<string, Row[]>();
    let usage = noUsage;
    let done = before;
    for (const { part, items: whole, plans } of planned) {
      for (const plan of plans) {
        const items = askedOf(plan, whole);
        const asking = askRow({ task, plan, items, subject: part.subject, store, signal });
        const found = yield* mapped(asking, (count): EvalEvent => {
          const fraction = (done + count) / Math.max(1, all);
          const where = { task: task.name, row: plan.name };
          return { kind: 'progress', ...where, done: count, total: items.length, fraction };
        });
        if (plan.ask) done += items.length;
        rows.set(plan.name, [...(rows.get(plan.name) ?? []), ...found.rows]);
        usage = addUsage(usage, found.usage);
      }
    }
    before += work;
    const seconds = (performance.now() - start) / 1000;
    if ([...rows.values()].every((of) => of.length === 0)) {
      yield { kind: 'empty', task: task.name };
      continue;
    }
    const measured = { task, rows, result: summarise(task, rows, usage), seconds, usage };
    yield { kind: 'measured', measured };
  }
}

function plan(task: Task, { parts, limit, anchors = true }: EvaluateOptions) {
  const each = limit === undefined ? undefined : Math.ceil(limit / parts.length);
  const planned = parts.map((part) => {
    const items = itemsOf(task, part, each);
    const all: readonly RowPlan[] = rowPlans(task, items, part.subject.levers);
    const plans = all.filter(({ isAnchor, ask }) => anchors || !isAnchor || !ask);
    return { part, items, plans };
  });
  const total = planned.reduce((sum, { items }) => sum + items.length, 0);
  const work = planned
    .flatMap(({ items, plans }) => plans.map((one) => (one.ask ? askedOf(one, items).length : 0)))
    .reduce((sum, count) => sum + count, 0);
  return { task, planned, total, work };
}

/** Items an anchor is asked about, which costs as much as asking the subject: they are to show an order, not a score. */
const anchorItems = 10;

function askedOf({ isAnchor, ask }: RowPlan, items: readonly Item[]): readonly Item[] {
  if (!isAnchor || !ask) return items;
  return limited(
    items.filter((item) => ask.requests(item).length > 0),
    anchorItems,
  );
}

/** What no run may leave out: parts that share nothing, and nothing held out in what a model is shown. */
function guard({ play, split, character }: Source): void {
  requireNoLeaks([{ play, split }]);
  const shown = trainPlay(play, split);
  const names = character ? [character.name] : shown.cast.map(({ name }) => name);
  requireUnseen(
    names.map((name) => {
      const persona = personaOf(shown, findCharacter(shown, name));
      const exchanges = persona.samples().flatMap(({ cue, reply }) => [cue, reply]);
      const text = [...personaTexts(persona), ...exchanges].join('\n');
      return { name: `the persona of ${name}`, text };
    }),
    heldOutIndex({ play, split }),
  );
}

function noItems(parts: readonly EvalPart[], tasks: readonly Task[]): DramatisError {
  const { source, split } = parts[0]!;
  const whom = source.character ? ` for ${source.character.name}` : '';
  const names = tasks.map(({ name }) => name).join(', ');
  const whole = tasks.reduce((sum, task) => sum + task.items(source).length, 0);
  return new DramatisError(
    'NO_ITEMS',
    `${names}: no items${whom} in the ${split} scenes of "${source.play.title}"; there are ${whole} in all its scenes`,
  );
}
