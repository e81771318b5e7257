import type { Answer, Item, Values } from '../../measure/row.ts';
import { type Component, type Components, componentsWhere } from '../subject.ts';
import type { Request, Task } from '../task.ts';

/** One row of a task's table: whose answers are measured. */
export interface RowPlan {
  /** "subject", "prompted base", "base", or an anchor's name. */
  readonly name: string;
  /** Whether the row tests the measure and not the subject: a few items are then enough. */
  readonly isAnchor: boolean;
  /** Asked for an item's answers, if the row needs anyone to be asked. */
  readonly ask?: { readonly levers: Components; requests(item: Item): readonly Request[] };
  readonly answers?: (item: Item) => readonly Answer[];
  readonly values?: (item: Item) => Values;
}

export const subjectRow = 'subject';
const promptedBaseRow = 'prompted base';
export const baseRow = 'base';

/**
 * The rows of a task: the subject, what is left of it without its adapter and with nothing, and the anchors.
 *
 * A task that asks nothing reads what is printed: its one row is the original, whatever the subject is.
 */
export function rowPlans(task: Task, items: readonly Item[], given: Components): RowPlan[] {
  const levers = task.isOfPages ? componentsWhere((one) => one === 'adapter' && given[one]) : given;
  const requests = (item: Item): readonly Request[] => task.requests(item);
  const asks = items.some((item) => requests(item).length > 0);
  const anchors = task.anchors.map((anchor): RowPlan => {
    const head = { name: anchor.name, isAnchor: true };
    const { answers, values } = anchor;
    if (anchor.requests) return { ...head, ask: { levers, requests: anchor.requests } };
    if (answers) return { ...head, answers };
    return { ...head, ...(values && { values }) };
  });
  if (!asks) {
    const own = anchors.some(({ name }) => name === 'original');
    return own ? anchors : [{ name: 'original', isAnchor: true, answers: () => [] }, ...anchors];
  }
  const on = (Object.keys(levers) as Component[]).filter((lever) => levers[lever]);
  const without = (off: readonly Component[]): Components =>
    componentsWhere((lever) => levers[lever] && !off.includes(lever));
  const row = (name: string, left: Components): RowPlan => {
    return { name, isAnchor: false, ask: { levers: left, requests } };
  };
  const barer = [
    ...(levers.adapter && levers.persona ? [row(promptedBaseRow, without(['adapter']))] : []),
    ...(on.length > 0 ? [row(baseRow, without(on))] : []),
  ];
  if (!task.isOfMemory) return [row(subjectRow, levers), ...barer, ...anchors];
  // Without memory all of its anchors would be the same.
  return [row(subjectRow, levers), ...(levers.memory ? anchors : [])];
}
