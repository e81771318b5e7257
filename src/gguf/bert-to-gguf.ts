import { readFile } from 'node:fs/promises';
import { DramatisError } from '../errors.ts';
import { type GgufContents, type GgufInput, type GgufTensorInput, gguf } from './encode-gguf.ts';
import { encodeTensor, type WrittenType } from './encode-tensor.ts';
import { readSafetensors, type Safetensor } from './safetensors.ts';

/** The files of a sentence-transformers model of the BERT architecture. */
export interface BertFiles {
  /** model.safetensors */
  readonly weights: string;
  /** vocab.txt: a WordPiece token on each line, in the order of their ids. */
  readonly vocabulary: string;
  /** config.json */
  readonly config: string;
}

/**
 * A BERT sentence-embedding model as llama.cpp loads it, with mean pooling.
 *
 * Half of the numbers are the table of tokens, whose rows are looked up and averaged: it is Q8_0. Vectors,
 * and the embeddings of positions and segments, stay F32. Cosine with the original over the sentences of
 * minilm-reference.json, the worst of them: 0.99998 with F16 matrices, 0.9973 with Q8_0.
 *
 * @param type Of the matrices.
 * @returns    What to write with `encodeGguf`; the weights are read as they are written.
 * @throws {DramatisError} FILE_MISSING; GGUF_INVALID if a file is not what it should be.
 */
export async function bertToGguf(
  { weights, vocabulary, config: configPath }: BertFiles,
  type: WrittenType = 'F16',
): Promise<GgufContents> {
  const config = await readConfig(configPath);
  const tokens = (await readText(vocabulary)).replace(/\r?\n$/, '').split(/\r?\n/);
  const source = await readSafetensors(weights);
  return {
    metadata: { ...architecture(config), ...tokenizer(tokens, vocabulary) },
    tensors: tensorNames(config.num_hidden_layers).map(([name, original]) => {
      const tensor = source.get(original) ?? source.get(`bert.${original}`);
      if (!tensor) throw new DramatisError('GGUF_INVALID', `${weights}: it has no ${original}`);
      return convert(name, tensor, type);
    }),
  };
}

/** What we need of config.json, under the names it has there. */
const wanted = [
  'num_hidden_layers',
  'hidden_size',
  'intermediate_size',
  'num_attention_heads',
  'max_position_embeddings',
  'layer_norm_eps',
  'type_vocab_size',
] as const;
type Config = Readonly<Record<(typeof wanted)[number], number>>;

async function readConfig(path: string): Promise<Config> {
  let config: Record<string, unknown> | null;
  try {
    config = JSON.parse(await readText(path));
  } catch (error) {
    if (error instanceof DramatisError) throw error;
    throw new DramatisError('GGUF_INVALID', `${path}: it is not JSON`, { cause: error });
  }
  const bad = wanted.find((key) => typeof config?.[key] !== 'number');
  if (bad) throw new DramatisError('GGUF_INVALID', `${path}: it has no number ${bad}`);
  return config as Config;
}

function architecture(config: Config): Record<string, GgufInput> {
  return {
    'general.architecture': gguf.text('bert'),
    'bert.block_count': gguf.uint32(config.num_hidden_layers),
    'bert.context_length': gguf.uint32(config.max_position_embeddings),
    'bert.embedding_length': gguf.uint32(config.hidden_size),
    'bert.feed_forward_length': gguf.uint32(config.intermediate_size),
    'bert.attention.head_count': gguf.uint32(config.num_attention_heads),
    'bert.attention.layer_norm_epsilon': gguf.float32(config.layer_norm_eps),
    'bert.attention.causal': gguf.bool(false),
    'bert.pooling_type': gguf.uint32(1), // the mean over all tokens
    'tokenizer.ggml.token_type_count': gguf.uint32(config.type_vocab_size),
  };
}

/** The key of each special token; "seperator" is how llama.cpp spells it. */
const specialTokens = {
  '[CLS]': ['tokenizer.ggml.bos_token_id', 'tokenizer.ggml.cls_token_id'],
  '[SEP]': ['tokenizer.ggml.seperator_token_id'],
  '[PAD]': ['tokenizer.ggml.padding_token_id'],
  '[UNK]': ['tokenizer.ggml.unknown_token_id'],
  '[MASK]': ['tokenizer.ggml.mask_token_id'],
} as const;

/**
 * WordPiece marks what continues a word ("##ing"); llama.cpp's vocabulary marks what begins one, with
 * U+2581.
 */
function tokenizer(tokens: readonly string[], path: string): Record<string, GgufInput> {
  const isSpecial = (token: string): boolean => Object.hasOwn(specialTokens, token);
  const ids = Object.entries(specialTokens).flatMap(([token, keys]) => {
    const id = tokens.indexOf(token);
    if (id < 0) throw new DramatisError('GGUF_INVALID', `${path}: it has no token ${token}`);
    return keys.map((key): [string, GgufInput] => [key, gguf.uint32(id)]);
  });
  const renamed = tokens.map((token) => {
    if (isSpecial(token)) return token;
    return token.startsWith('##') ? token.slice(2) : `\u2581${token}`;
  });
  return {
    'tokenizer.ggml.model': gguf.text('bert'),
    'tokenizer.ggml.tokens': gguf.texts(renamed),
    // 3 is a control token, which text never becomes; 1 is any other.
    'tokenizer.ggml.token_type': gguf.int32s(tokens.map((token) => (isSpecial(token) ? 3 : 1))),
    ...Object.fromEntries(ids),
  };
}

/** Each tensor of the model, as llama.cpp calls it and as the original does. */
function tensorNames(layers: number): [name: string, original: string][] {
  const both = (name: string, original: string): [string, string][] => [
    [`${name}.weight`, `${original}.weight`],
    [`${name}.bias`, `${original}.bias`],
  ];
  const layer = (n: number): [string, string][] => {
    const [to, from] = [`blk.${n}`, `encoder.layer.${n}`];
    return [
      ...both(`${to}.attn_q`, `${from}.attention.self.query`),
      ...both(`${to}.attn_k`, `${from}.attention.self.key`),
      ...both(`${to}.attn_v`, `${from}.attention.self.value`),
      ...both(`${to}.attn_output`, `${from}.attention.output.dense`),
      ...both(`${to}.attn_output_norm`, `${from}.attention.output.LayerNorm`),
      ...both(`${to}.ffn_up`, `${from}.intermediate.dense`),
      ...both(`${to}.ffn_down`, `${from}.output.dense`),
      ...both(`${to}.layer_output_norm`, `${from}.output.LayerNorm`),
    ];
  };
  return [
    ['token_embd.weight', 'embeddings.word_embeddings.weight'],
    ['position_embd.weight', 'embeddings.position_embeddings.weight'],
    ['token_types.weight', 'embeddings.token_type_embeddings.weight'],
    ...both('token_embd_norm', 'embeddings.LayerNorm'),
    ...Array.from({ length: layers }, (_, n) => layer(n)).flat(),
  ];
}

function convert(name: string, tensor: Safetensor, type: WrittenType): GgufTensorInput {
  const isSmall = tensor.shape.length < 2 || /^(?:position_embd|token_types)\./.test(name);
  const written = isSmall ? 'F32' : name.startsWith('token_embd.') ? 'Q8_0' : type;
  return {
    name,
    type: written,
    shape: tensor.shape.toReversed(),
    data: async () => encodeTensor(await tensor.read(), written),
  };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new DramatisError('FILE_MISSING', `cannot read ${path}`, { cause: error });
  }
}
