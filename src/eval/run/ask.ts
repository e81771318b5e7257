import type { Answer, Item, Row } from '../../measure/row.ts';
import type { Journal } from '../../store/journal.ts';
import { addUsage, noUsage, type Subject, type Usage } from '../subject.ts';
import type { Request, Task } from '../task.ts';
import type { RowPlan } from './task-rows.ts';
import { unitsOf } from './units.ts';

/** One unit's answers, as a run keeps them. */
export interface UnitRecord {
  readonly task: string;
  readonly version: number;
  readonly row: string;
  /** Ids of the items, in order. */
  readonly items: readonly string[];
  /** By item. */
  readonly answers: readonly (readonly Answer[])[];
  readonly usage: Usage;
}

/** Answers at hand: from a run that was cut, and those of text requests asked before in this one. */
export class AnswerStore {
  readonly #units = new Map<string, UnitRecord>();
  readonly #texts = new Map<string, Answer>();
  readonly #journal: Journal<UnitRecord> | undefined;

  constructor(journal?: Journal<UnitRecord>, records: readonly UnitRecord[] = []) {
    this.#journal = journal;
    for (const record of records) this.#units.set(keyOf(record), record);
  }

  /** Units taken over from a run that was cut. */
  get taken(): number {
    return this.#units.size;
  }

  find(unit: Pick<UnitRecord, 'task' | 'version' | 'row' | 'items'>): UnitRecord | undefined {
    return this.#units.get(keyOf(unit));
  }

  async keep(record: UnitRecord): Promise<void> {
    await this.#journal?.append(record);
  }

  /** Different tasks may ask the same: what is said at one seed is said once. */
  text(levers: string, request: Request): Answer | undefined {
    return request.kind === 'text'
      ? this.#texts.get(`${levers} ${JSON.stringify(request)}`)
      : undefined;
  }

  keepText(levers: string, request: Request, answer: Answer): void {
    if (request.kind === 'text') this.#texts.set(`${levers} ${JSON.stringify(request)}`, answer);
  }
}

function keyOf({
  task,
  version,
  row,
  items,
}: Pick<UnitRecord, 'task' | 'version' | 'row' | 'items'>): string {
  return JSON.stringify([task, version, row, items]);
}

export interface AskOptions {
  readonly task: Task;
  readonly plan: RowPlan;
  readonly items: readonly Item[];
  /** Who is asked; the plan sets its components. */
  readonly subject: Subject;
  readonly store: AnswerStore;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Every item of a row with its answers and values, unit by unit; each unit is kept before the next is asked.
 *
 * Yields after each unit how many items are done.
 */
export async function* askRow(
  options: AskOptions,
): AsyncGenerator<number, { rows: Row[]; usage: Usage }> {
  const { task, plan, items } = options;
  if (!plan.ask) return { rows: items.map((item) => printed(task, plan, item)), usage: noUsage };
  const subject = options.subject.withComponents(plan.ask.levers);
  const rows: Row[] = [];
  let usage = noUsage;
  for (const unit of unitsOf(task, items)) {
    options.signal?.throwIfAborted();
    const head = {
      task: task.name,
      version: task.version,
      row: plan.name,
      items: unit.map(({ id }) => id),
    };
    let record = options.store.find(head);
    if (!record) {
      record = { ...head, ...(await askUnit(unit, subject, options)) };
      await options.store.keep(record);
    }
    usage = addUsage(usage, record.usage);
    for (const [i, item] of unit.entries()) {
      const answers = record.answers[i]!;
      rows.push(rowOf(task, item, answers));
    }
    yield rows.length;
  }
  return { rows, usage };
}

async function askUnit(
  unit: readonly Item[],
  subject: Subject,
  { plan, store, signal }: AskOptions,
): Promise<Pick<UnitRecord, 'answers' | 'usage'>> {
  const levers = JSON.stringify(subject.levers);
  const requests = unit.map((item) => plan.ask!.requests(item));
  const open = requests.flat().filter((request) => !store.text(levers, request));
  const { answers, usage } = await subject.answerUnit(open, signal);
  const fresh = new Map(open.map((request, i) => [request, answers[i]!]));
  for (const [request, answer] of fresh) store.keepText(levers, request, answer);
  return {
    answers: requests.map((ofItem) =>
      ofItem.map((request) => fresh.get(request) ?? store.text(levers, request)!),
    ),
    usage,
  };
}

function printed(task: Task, plan: RowPlan, item: Item): Row {
  if (plan.values) return { item, answers: [], values: plan.values(item) };
  return rowOf(task, item, plan.answers?.(item) ?? []);
}

function rowOf(task: Task, item: Item, answers: readonly Answer[]): Row {
  const why = task.explain?.(item, answers);
  return { item, answers, values: task.measure(item, answers), ...(why && { why }) };
}
