import type { StageState } from '../state.ts';

/** `DetectorTools.vectorOf` of a scene whose turns' words have vectors: an edited turn has that of its new words. */
export function vectorsOf(
  { turns }: Pick<StageState, 'turns'>,
  vectors: ReadonlyMap<string, Float32Array>,
): (n: number) => Float32Array | undefined {
  const texts = new Map(turns.map(({ n, text }) => [n, text]));
  return (n) => vectors.get(texts.get(n) ?? '');
}
