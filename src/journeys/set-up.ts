import { dramatis } from './dramatis.ts';

/** Fetches, once, what the journeys use: the default model, the embedder and the two plays. */
export async function setup(): Promise<void> {
  const { code, err } = await dramatis(['pull', 'smollm2-135m', 'minilm', 'hamlet', 'macbeth']);
  if (code !== 0) throw new Error(`the journeys could not fetch what they need: ${err}`);
}
