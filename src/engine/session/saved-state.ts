import type { Model } from '../model.ts';
import { settle } from '../settle.ts';
import { readState, writeState } from '../state-file.ts';
import { noAdapters } from './active-adapters.ts';
import type { Evaluator } from './evaluator.ts';

type Identity = Pick<Model, 'identity' | 'bankKey'>;

/** Writes what a session has in its KV cache to a file: see `Session.save`. */
export async function saveState(
  evaluator: Evaluator,
  model: Identity,
  path: string,
): Promise<void> {
  await evaluator.rewind(evaluator.timeline.length);
  const state = await settle(evaluator.native.save());
  const tokens = evaluator.timeline.tokens();
  await writeState(path, stateKey(evaluator, model, tokens.length), tokens, state);
}

/** Takes back what `saveState` wrote; false, and nothing has changed, if it is of another kind, damaged or too long. */
export async function restoreState(
  evaluator: Evaluator,
  model: Identity,
  path: string,
): Promise<boolean> {
  const found = await readState(path, (tokens) => stateKey(evaluator, model, tokens));
  if (!found || found.tokens.length > evaluator.window) return false;
  evaluator.timeline.reset();
  const keys = evaluator.keysOf(found.tokens.length);
  await settle(evaluator.native.restore(found.state, found.tokens.length));
  evaluator.timeline.push(found.tokens, keys);
  return true;
}

/** Names all that a state of `length` tokens depends on but the tokens. */
function stateKey({ adapters, window }: Evaluator, model: Identity, length: number): string {
  const key = adapters.key(length);
  const bank = key === noAdapters ? '' : ` ${model.bankKey}`;
  return `${model.identity} ${key} ${window}${bank}`;
}
