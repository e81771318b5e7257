import { sha256 } from '../store/sha256.ts';

/** 16 hex digits that name an item: the same wherever the edition, the task and what it asks about are the same. */
export function itemId(
  edition: string,
  task: { readonly name: string; readonly version: number },
  place: string,
  ...more: readonly string[]
): string {
  const parts = [edition, task.name, String(task.version), place, ...more];
  return sha256(JSON.stringify(parts)).slice(0, 16);
}
