import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tinyAdapter } from '../testing/models/tiny-model.ts';
import { encodeGguf, type GgufContents } from './encode-gguf.ts';
import { fromHalf, toHalf } from './floats.ts';
import { decodeLora, encodeLora, type LoraFile, loraGguf } from './lora-gguf.ts';

async function bytesOf(contents: GgufContents): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of encodeGguf(contents)) parts.push(part);
  return Buffer.concat(parts);
}

const finite = fc.float({ noNaN: true, noDefaultInfinity: true });
const numbers = (length: number) =>
  fc.array(finite, { minLength: length, maxLength: length }).map((list) => Float32Array.from(list));
const size = fc.integer({ min: 1, max: 5 });
const anyLora: fc.Arbitrary<LoraFile> = fc
  .record({ rank: size, sizes: fc.array(fc.tuple(size, size), { minLength: 1, maxLength: 4 }) })
  .chain(({ rank, sizes }) =>
    fc.record({
      architecture: fc.constantFrom('llama', 'qwen3'),
      provenance: fc.record({
        form: fc.constantFrom('chat', 'script'),
        template_version: fc.nat(9),
        seed: fc.double({ noNaN: true }),
        note: fc.string({ unit: 'grapheme' }),
        best: fc.boolean(),
      }),
      rank: fc.constant(rank),
      alpha: fc.float({ min: Math.fround(0.01), max: 256, noNaN: true }),
      matrices: fc.tuple(
        ...sizes.map(([width, out], layer) =>
          fc.record({
            name: fc.constant(`blk.${layer}.attn_q.weight`),
            in: fc.constant(width),
            out: fc.constant(out),
            a: numbers(rank * width),
            b: numbers(out * rank),
          }),
        ),
      ),
    }),
  );

/** One pair for a matrix of 3 × 2, of rank 1. */
const small: LoraFile = {
  architecture: 'llama',
  provenance: { form: 'script' },
  rank: 1,
  alpha: 2,
  matrices: [
    {
      name: 'blk.0.attn_q.weight',
      in: 3,
      out: 2,
      a: Float32Array.of(1, 2, 3),
      b: Float32Array.of(4, 5),
    },
  ],
};

describe('A LoRA file', () => {
  it('reads back as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(anyLora, async (lora) => {
        expect(decodeLora(await encodeLora(lora), 'a.gguf')).toEqual(lora);
      }),
    );
  });

  it('in half precision reads back as the nearest halves', async () => {
    const third = { ...small.matrices[0]!, b: Float32Array.of(1 / 3, -1e-5) };
    const read = decodeLora(await encodeLora({ ...small, matrices: [third] }, 'F16'), 'a.gguf');
    expect([...read.matrices[0]!.b]).toEqual([1 / 3, -1e-5].map((x) => fromHalf(toHalf(x))));
  });

  it('of others is read too, without provenance', async () => {
    const read = decodeLora(await bytesOf(tinyAdapter({ rank: 3, alpha: 6 })), 'a.gguf');
    expect(read).toMatchObject({ architecture: 'llama', rank: 3, alpha: 6, provenance: {} });
    expect(read.matrices).toHaveLength(14);
    expect(read.matrices[6]).toMatchObject({ name: 'blk.0.ffn_down.weight', in: 128, out: 64 });
  });

  it('cut at any byte is refused in one line that names it', async () => {
    const whole = await encodeLora(small);
    for (let length = 0; length < whole.length - 24; length++) {
      const read = () => decodeLora(whole.subarray(0, length), 'cut.gguf');
      expect(read, `${length} bytes`).toThrow(
        expect.objectContaining({
          code: 'GGUF_INVALID',
          message: expect.stringMatching(/^cut\.gguf: [^\n]+$/),
        }),
      );
    }
  });

  it('that is none, lacks a half or holds no number is refused with the reason', async () => {
    const refusal = async (change: (contents: GgufContents) => object) => {
      const contents = loraGguf(small);
      const bytes = await bytesOf({ ...contents, ...change(contents) });
      try {
        decodeLora(bytes, 'a.gguf');
      } catch (error) {
        return String(error);
      }
      return 'taken';
    };
    const metadata = (entries: object) => (contents: GgufContents) => ({
      metadata: { ...contents.metadata, ...entries },
    });
    const model = { 'general.type': { type: 'string', value: 'model' } };
    expect(await refusal(metadata(model))).toMatch(/not a LoRA adapter/);
    const invoked = { 'adapter.alora.invocation_tokens': { type: 'uint32', array: [1] } };
    expect(await refusal(metadata(invoked))).toMatch(/aLoRA/);
    const negative = { 'adapter.lora.alpha': { type: 'float32', value: -1 } };
    expect(await refusal(metadata(negative))).toMatch(/alpha is -1/);
    const double = { 'adapter.lora.alpha': { type: 'float64', value: 2 } };
    expect(await refusal(metadata(double))).toMatch(/of type float64, not float32/);
    expect(await refusal(({ tensors }) => ({ tensors: tensors.slice(0, 1) }))).toMatch(/no lora_b/);
    expect(await refusal(() => ({ tensors: [] }))).toMatch(/holds no matrices/);
    const renamed = ({ tensors }: GgufContents) => ({ tensors: [{ ...tensors[0]!, name: 'x' }] });
    expect(await refusal(renamed)).toMatch(/"x" is no half of a pair/);
    const typed = ({ tensors }: GgufContents) => ({
      tensors: tensors.map((tensor) => ({ ...tensor, type: 'I32' })),
    });
    expect(await refusal(typed)).toMatch(/of type I32/);
    const notFinite = new Float32Array([1, Number.NaN, 3]);
    const bad = { ...small, matrices: [{ ...small.matrices[0]!, a: notFinite }] };
    expect(await refusal(() => loraGguf(bad))).toMatch(/not finite/);
  });

  it('without an alpha, or of 0, counts as it stands', async () => {
    const contents = loraGguf(small);
    for (const entries of [
      { 'adapter.lora.alpha': { type: 'float32', value: 0 } as const },
      { 'adapter.lora.alpha': { type: 'string', value: 'left out' } as const },
    ]) {
      const { 'adapter.lora.alpha': alpha } = entries;
      const { 'adapter.lora.alpha': _, ...rest } = contents.metadata;
      const metadata = alpha.type === 'string' ? rest : { ...contents.metadata, ...entries };
      const read = decodeLora(await bytesOf({ ...contents, metadata }), 'a.gguf');
      expect(read).toMatchObject({ rank: 1, alpha: 1, matrices: small.matrices });
    }
  });

  it('of several ranks is read as one of the highest', async () => {
    const wider: LoraFile = {
      ...small,
      rank: 2,
      matrices: [
        {
          ...small.matrices[0]!,
          name: 'blk.1.attn_q.weight',
          a: Float32Array.of(1, 0, 0, 0, 1, 0),
          b: Float32Array.of(1, 2, 3, 4),
        },
      ],
    };
    const contents = loraGguf(small);
    const tensors = [...contents.tensors, ...loraGguf(wider).tensors];
    const read = decodeLora(await bytesOf({ ...contents, tensors }), 'a.gguf');
    // Alpha is 2: the pair of rank 1 counts twice, that of rank 2 once.
    expect(read).toMatchObject({ rank: 2, alpha: 4 });
    expect([...read.matrices[0]!.a]).toEqual([1, 2, 3, 0, 0, 0]);
    expect([...read.matrices[0]!.b]).toEqual([4, 0, 5, 0]);
    expect([...read.matrices[1]!.b]).toEqual([0.5, 1, 1.5, 2]);
  });

  it('is not written from numbers that are not as many as its sizes make', () => {
    expect(() => loraGguf({ ...small, rank: 2 })).toThrow(RangeError);
  });
});
