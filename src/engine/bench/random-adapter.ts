import { writeFile } from 'node:fs/promises';
import { encodeLora, type LoraMatrix } from '../../gguf/lora-gguf.ts';
import { readModelHeader } from '../../gguf/read-model-header.ts';

/** Writes an adapter of random numbers for all matrices of all layers of a model: small ones, so that it still speaks. */
export async function writeRandomAdapter(
  file: string,
  model: string,
  { rank, seed }: { readonly rank: number; readonly seed: number },
): Promise<void> {
  const header = await readModelHeader(model);
  let state = seed;
  const random = (length: number, spread: number): Float32Array =>
    Float32Array.from({ length }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return spread * (state / 2 ** 31 - 1);
    });
  const matrices = header.tensors.flatMap(({ name, shape }): LoraMatrix[] => {
    if (!/^blk\.\d+\.(attn_(q|k|v|output)|ffn_(gate|up|down))\.weight$/.test(name)) return [];
    const [width, out] = [shape[0]!, shape[1]!];
    const a = random(rank * width, 1 / Math.sqrt(width));
    return [{ name, in: width, out, a, b: random(out * rank, 0.01) }];
  });
  const architecture = header.architecture ?? '';
  const lora = { architecture, provenance: {}, rank, alpha: 2 * rank, matrices };
  await writeFile(file, await encodeLora(lora, 'F16'));
}
