/** Anything about an item. */
interface OfItem {
  readonly item: { readonly id: string; readonly scene: string };
}

/**
 * Rows scene by scene, in the order of the scenes' names and in each of the items' ids: a run that was broken off and
 * went on adds up in the same order as one that was not, to the last digit.
 */
export function byScene<R extends OfItem>(rows: readonly R[]): R[][] {
  const scenes: R[][] = [];
  for (const row of rows.toSorted(byPlace)) {
    const scene = scenes.at(-1);
    if (scene?.[0]?.item.scene === row.item.scene) scene.push(row);
    else scenes.push([row]);
  }
  return scenes;
}

function byPlace({ item: a }: OfItem, { item: b }: OfItem): number {
  if (a.scene !== b.scene) return a.scene < b.scene ? -1 : 1;
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return 0;
}
