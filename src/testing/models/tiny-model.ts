import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  encodeGguf,
  type GgufContents,
  type GgufInput,
  type GgufTensorInput,
  gguf,
} from '../../gguf/encode-gguf.ts';
import { encodeTensor, type WrittenType } from '../../gguf/encode-tensor.ts';

/** A model of random numbers, for tests: everything a real one has, in a few hundred kilobytes. */
const tinyShape = {
  layers: 2,
  width: 64,
  heads: 4,
  /** Each serves two heads: grouped-query attention, as in the models we use. */
  kvHeads: 2,
  feedForward: 128,
  context: 512,
} as const;

const tinySpecialTokens = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'] as const;

/** Pairs joined by the vocabulary, in order; "Ġ" is a space. Each part is a byte or made before. */
const merges = [
  ...['Ġ t', 'h e', 'Ġ a', 'o u', 'Ġt he', 'i n', 'Ġ s', 'r e', 'n d', 'Ġ w', 'e r', 'Ġ m', 'o n'],
  ...[
    'Ġ b',
    'Ġt h',
    'e n',
    'Ġ I',
    'Ġ h',
    'i s',
    'Ġ f',
    'a t',
    'Ġa nd',
    'Ġ y',
    'Ġy ou',
    'o r',
    'Ġ o',
  ],
  ...[
    'Ġ d',
    'l l',
    'Ġ l',
    'e s',
    'Ġ n',
    'i t',
    'a r',
    'Ġ c',
    'o w',
    'Ġm y',
    'Ġh is',
    'Ġth at',
    's t',
  ],
];

/**
 * The byte-level alphabet of GPT-2: a character that prints stands for itself, the others are moved up
 * to U+0100 and on, in order.
 */
function byteAlphabet(): string[] {
  const prints = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 255 && byte !== 173);
  let moved = 0;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(prints(byte) ? byte : 256 + moved++),
  );
}

export const tinyTokens: readonly string[] = [
  ...tinySpecialTokens,
  ...byteAlphabet(),
  ...merges.map((pair) => pair.replace(' ', '')),
];

const chatTemplate =
  "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n" +
  '{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}';

export interface TinyModelOptions {
  readonly seed?: number;
  /** Type of the matrices; norms are F32. */
  readonly type?: WrittenType;
  readonly name?: string;
  /** Null leaves the template out, as in a base model. */
  readonly chatTemplate?: string | null;
  /** Window in tokens that the file declares: a letter is a token, so that a persona takes some three hundred. */
  readonly context?: number;
}

/** Writes a random model of the llama architecture; the same options give the same bytes. */
export async function writeTinyModel(path: string, options: TinyModelOptions = {}): Promise<void> {
  await writeFile(path, encodeGguf(tinyModel(options)));
}

/**
 * Writes the same model in two files, as llama.cpp divides models, and returns the path of the first.
 *
 * @param first Tensors in the first file; it may have none.
 */
export async function writeTinyParts(
  folder: string,
  { first, ...options }: TinyModelOptions & { readonly first: number },
): Promise<string> {
  const { metadata, tensors } = tinyModel(options);
  const part = (number: number): Record<string, GgufInput> => ({
    'split.no': { type: 'uint16', value: number },
    'split.count': { type: 'uint16', value: 2 },
    'split.tensors.count': { type: 'int32', value: tensors.length },
  });
  const parts = [
    { metadata: { ...metadata, ...part(0) }, tensors: tensors.slice(0, first) },
    { metadata: part(1), tensors: tensors.slice(first) },
  ];
  const paths = parts.map((_, i) => join(folder, `tiny-0000${i + 1}-of-00002.gguf`));
  for (const [i, contents] of parts.entries()) await writeFile(paths[i]!, encodeGguf(contents));
  return paths[0]!;
}

export function tinyModel({
  seed = 1,
  type = 'F32',
  name = 'Tiny',
  chatTemplate: template = chatTemplate,
  context = tinyShape.context,
}: TinyModelOptions): GgufContents {
  const { layers, width, heads, kvHeads, feedForward } = tinyShape;
  const matrix = (tensor: string, rows: number, spread?: number): GgufTensorInput =>
    randomTensor(tensor, { seed, type, shape: [inputOf(tensor), rows], spread });
  const norm = (tensor: string): GgufTensorInput => ({
    name: tensor,
    type: 'F32',
    shape: [width],
    data: () => encodeTensor(new Float32Array(width).fill(1), 'F32'),
  });
  const layerTensors = Array.from({ length: layers }, (_, layer) => [
    norm(`blk.${layer}.attn_norm.weight`),
    ...adaptable.map(({ part, rows }) => matrix(`blk.${layer}.${part}.weight`, rows)),
    norm(`blk.${layer}.ffn_norm.weight`),
  ]);
  return {
    metadata: {
      'general.architecture': gguf.text('llama'),
      'general.name': gguf.text(name),
      'llama.block_count': gguf.uint32(layers),
      'llama.context_length': gguf.uint32(context),
      'llama.embedding_length': gguf.uint32(width),
      'llama.feed_forward_length': gguf.uint32(feedForward),
      'llama.attention.head_count': gguf.uint32(heads),
      'llama.attention.head_count_kv': gguf.uint32(kvHeads),
      'llama.attention.layer_norm_rms_epsilon': gguf.float32(1e-5),
      'llama.rope.dimension_count': gguf.uint32(width / heads),
      'llama.vocab_size': gguf.uint32(tinyTokens.length),
      'tokenizer.ggml.model': gguf.text('gpt2'),
      'tokenizer.ggml.pre': gguf.text('smollm'),
      'tokenizer.ggml.tokens': gguf.texts(tinyTokens),
      // 3 is a control token, which text never becomes; 1 is any other.
      'tokenizer.ggml.token_type': gguf.int32s(
        tinyTokens.map((_, id) => (id < tinySpecialTokens.length ? 3 : 1)),
      ),
      'tokenizer.ggml.merges': gguf.texts(merges),
      'tokenizer.ggml.bos_token_id': gguf.uint32(1),
      'tokenizer.ggml.eos_token_id': gguf.uint32(2),
      'tokenizer.ggml.add_bos_token': gguf.bool(false),
      ...(template === null ? {} : { 'tokenizer.chat_template': gguf.text(template) }),
    },
    tensors: [
      matrix('token_embd.weight', tinyTokens.length, 0.4),
      ...layerTensors.flat(),
      norm('output_norm.weight'),
    ],
  };
}

/** The seven matrices of a layer, which an adapter may change. */
const adaptable: readonly { readonly part: string; readonly rows: number }[] = [
  { part: 'attn_q', rows: tinyShape.width },
  { part: 'attn_k', rows: (tinyShape.width / tinyShape.heads) * tinyShape.kvHeads },
  { part: 'attn_v', rows: (tinyShape.width / tinyShape.heads) * tinyShape.kvHeads },
  { part: 'attn_output', rows: tinyShape.width },
  { part: 'ffn_gate', rows: tinyShape.feedForward },
  { part: 'ffn_up', rows: tinyShape.feedForward },
  { part: 'ffn_down', rows: tinyShape.width },
];

const inputOf = (tensor: string): number =>
  tensor.includes('ffn_down') ? tinyShape.feedForward : tinyShape.width;

export interface TinyAdapterOptions {
  readonly seed?: number;
  readonly rank?: number;
  readonly alpha?: number;
  /** Width of the base's rows; another than the tiny model's makes an adapter for another base. */
  readonly width?: number;
  /** What the file says it was trained to act on; nothing unless given. */
  readonly scope?: 'context' | 'turn';
}

/** Writes a random LoRA adapter for every matrix of the tiny model. */
export async function writeTinyAdapter(
  path: string,
  options: TinyAdapterOptions = {},
): Promise<void> {
  await writeFile(path, encodeGguf(tinyAdapter(options)));
}

export function tinyAdapter({
  seed = 1,
  rank = 4,
  alpha = 8,
  width = tinyShape.width,
  scope,
}: TinyAdapterOptions): GgufContents {
  const pair = (layer: number, part: string, rows: number): GgufTensorInput[] => {
    const name = `blk.${layer}.${part}.weight`;
    const input = part === 'ffn_down' ? tinyShape.feedForward : width;
    return [
      randomTensor(`${name}.lora_a`, { seed, type: 'F32', shape: [input, rank] }),
      randomTensor(`${name}.lora_b`, { seed, type: 'F32', shape: [rank, rows] }),
    ];
  };
  return {
    metadata: {
      'general.type': gguf.text('adapter'),
      'general.architecture': gguf.text('llama'),
      'adapter.type': gguf.text('lora'),
      ...(scope && { 'dramatis.adapter.scope': gguf.text(scope) }),
      'adapter.lora.alpha': gguf.float32(alpha),
    },
    tensors: Array.from({ length: tinyShape.layers }, (_, layer) =>
      adaptable.flatMap(({ part, rows }) => pair(layer, part, rows)),
    ).flat(),
  };
}

/** @param spread Standard deviation of the numbers; by default rows keep the length of their input. */
function randomTensor(
  name: string,
  {
    seed,
    type,
    shape,
    spread = 1 / Math.sqrt(shape[0]),
  }: {
    seed: number;
    type: WrittenType;
    shape: readonly [number, number];
    spread?: number | undefined;
  },
): GgufTensorInput {
  const data = (): Uint8Array => {
    const next = normal(`${seed} ${name}`);
    return encodeTensor(
      Float32Array.from({ length: shape[0] * shape[1] }, () => next() * spread),
      type,
    );
  };
  return { name, type, shape, data };
}

/** Independent normal deviates; the same key gives the same ones on every machine. */
function normal(key: string): () => number {
  let state = 2166136261; // FNV-1a over the key, then a 32-bit generator of the xorshift kind
  for (const byte of Buffer.from(key)) state = Math.imul(state ^ byte, 16777619);
  state ||= 1;
  const uniform = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  // The sum of twelve uniform ones: near enough to normal, and exact arithmetic, unlike log and cos.
  return () => Array.from({ length: 12 }, uniform).reduce((sum, x) => sum + x, -6);
}
