import type { Embedder } from '../engine/embedder.ts';
import { turnMeaning } from '../eval/scenes/turn-meaning.ts';
import type { SceneTurn } from '../eval/task.ts';
import { embeddingModel } from '../hub/catalogue.ts';
import type { Values } from '../measure/row.ts';
import { openModel } from './open-model.ts';
import type { Workspace } from './workspace.ts';

/** What the turns of a conversation mean beside one another: see `turnMeaning`. */
export async function meaningOf(
  turns: readonly SceneTurn[],
  embedder: Embedder,
  signal: AbortSignal,
): Promise<Values> {
  const vectors = await embedder.embed(
    turns.map(({ text }) => text),
    signal,
  );
  return turnMeaning(turns.map(({ speaker }, i) => ({ speaker, vector: vectors[i]! })));
}

/**
 * What turns mean beside one another, by the embedding model: the means over conversations that tell it.
 *
 * @throws {DramatisError} What opening the model throws.
 */
export async function measureMeaning(
  workspace: Workspace,
  scenes: readonly (readonly SceneTurn[])[],
  signal: AbortSignal,
): Promise<Values> {
  using opened = await openModel(workspace, embeddingModel, signal);
  using embedder = await opened.model.embedder();
  const told: Values[] = [];
  for (const turns of scenes) told.push(await meaningOf(turns, embedder, signal));
  const names = new Set(told.flatMap((values) => Object.keys(values)));
  return Object.fromEntries(
    [...names].map((name) => {
      const values = told.flatMap((one) => one[name] ?? []);
      return [name, values.reduce((sum, value) => sum + value, 0) / values.length];
    }),
  );
}
