import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DramatisError } from '../errors.ts';
import { encodeSafetensors, type SafetensorInput } from './encode-safetensors.ts';
import { evenRanks, type ScaledPair } from './even-ranks.ts';
import type { GgufHeader } from './header.ts';
import type { LoraTensors } from './lora-gguf.ts';
import { checkPeftConfig, merge, type PeftConfig } from './peft-config.ts';
import { headsOf, moveRows } from './rotary-rows.ts';
import { readSafetensors } from './safetensors.ts';

export const peftFiles = { config: 'adapter_config.json', weights: 'adapter_model.safetensors' };

/** The seven matrices of a layer: PEFT's name for each, and ours. */
const matrixNames: Readonly<Record<string, string>> = {
  'self_attn.q_proj': 'attn_q',
  'self_attn.k_proj': 'attn_k',
  'self_attn.v_proj': 'attn_v',
  'self_attn.o_proj': 'attn_output',
  'mlp.gate_proj': 'ffn_gate',
  'mlp.up_proj': 'ffn_up',
  'mlp.down_proj': 'ffn_down',
};
const peftNames = new Map(Object.entries(matrixNames).map(([peft, ours]) => [ours, peft]));

/**
 * Reads an adapter that PEFT saved: adapter_config.json and adapter_model.safetensors in a folder.
 *
 * Pairs of ranks and alphas of their own are given one of each: see `evenRanks`.
 *
 * @param base Header of the GGUF file of the model it was trained on: how many heads there are decides where rows go.
 * @throws {DramatisError} FILE_MISSING, GGUF_INVALID for damaged weights, ADAPTER_MISMATCH for what cannot be put into
 *   a LoRA file as llama.cpp reads it, each with the reason.
 */
export async function readPeft(
  folder: string,
  base: GgufHeader,
): Promise<LoraTensors & { readonly config: PeftConfig }> {
  const path = join(folder, peftFiles.config);
  const { config, pairOf } = checkPeftConfig(await textOf(path), path);
  const weights = join(folder, peftFiles.weights);
  await requireSafetensors(folder, weights);
  const tensors = await readSafetensors(weights);
  const refuse = (reason: string, remedy: string = saveAgain): never => {
    throw new DramatisError('ADAPTER_MISMATCH', `${weights}: ${reason}`, { remedy });
  };
  const halves = new Map<string, Halves>();
  const adapters = new Set<string>();
  for (const { name, dtype, shape, read } of tensors.values()) {
    const place =
      placeOf(name) ?? refuse(`"${name}" is no matrix that can be adapted`, remedyFor(name));
    adapters.add(place.adapter);
    if (adapters.size > 1)
      refuse(`it holds several adapters: ${[...adapters].join(', ')}`, 'Save each on its own.');
    if (!/^B?F\d+$/.test(dtype)) refuse(`"${name}" holds whole numbers (${dtype})`);
    if (shape.length !== 2) refuse(`"${name}" has ${shape.length} dimensions, not 2`, merge);
    const found = { rows: shape[0]!, columns: shape[1]!, values: await read() };
    const known = halves.get(place.matrix) ?? { module: place.module };
    if (known[place.half]) refuse(`"${name}" is there twice`);
    halves.set(place.matrix, { ...known, [place.half]: found });
  }
  const pairs = [...halves].map(([name, { A, B, module }]): ScaledPair => {
    const a = A ?? refuse(`"${name}" has no lora_A`);
    const b = B ?? refuse(`"${name}" has no lora_B`);
    const { rank, scale } = pairOf(module);
    if (a.rows !== rank || b.columns !== rank) {
      refuse(`"${name}" has ranks ${a.rows} and ${b.columns}; the configuration says ${rank}`);
    }
    const rows = moveRows(b.values, { heads: headsOf(name, base, refuse), rank, to: 'gguf' });
    return { name, in: a.columns, out: b.rows, a: a.values, b: rows, rank, scale };
  });
  if (pairs.length === 0) refuse('it holds no matrices');
  pairs.sort((x, y) => x.name.localeCompare(y.name, 'en', { numeric: true }));
  return { ...evenRanks(pairs), config };
}

interface LoraHalf {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

interface Halves {
  readonly module: string;
  readonly A?: LoraHalf;
  readonly B?: LoraHalf;
}

/** What was saved the old way is a program that makes numbers, which nothing here runs. */
async function requireSafetensors(folder: string, weights: string): Promise<void> {
  const has = (path: string): Promise<boolean> =>
    access(path).then(
      () => true,
      () => false,
    );
  if (await has(weights)) return;
  if (!(await has(join(folder, 'adapter_model.bin')))) return;
  throw new DramatisError(
    'ADAPTER_MISMATCH',
    `${folder}: it has adapter_model.bin and no ${peftFiles.weights}`,
    {
      remedy:
        'Save it as safetensors: load it with PEFT and call model.save_pretrained(FOLDER, safe_serialization=True).',
    },
  );
}

const saveAgain =
  'Save it again with PEFT (model.save_pretrained(FOLDER)): its two files do not fit each other.';

/** What helps where an adapter changes a module that is none of a layer's seven matrices. */
function remedyFor(name: string): string {
  if (/lora_(?:magnitude|embedding)|lm_head|embed_tokens|\.base_layer\.|original_module/.test(name))
    return `${merge} Or train it again with target_modules of the layers alone.`;
  if (Object.keys(matrixNames).some((module) => name.includes(`.${module}.`)))
    return 'Save it with PEFT (model.save_pretrained(FOLDER)): it calls the halves lora_A.weight and lora_B.weight.';
  return `The seven matrices of a layer can be adapted: ${Object.keys(matrixNames).join(', ')}.`;
}

/**
 * The two files of an adapter as PEFT reads them.
 *
 * @param baseName What PEFT is to take for the base model: a Hugging Face id or a folder.
 * @throws {DramatisError} ADAPTER_MISMATCH if a matrix has no name in PEFT.
 */
export function encodePeft(
  { rank, alpha, matrices }: LoraTensors,
  base: GgufHeader,
  baseName: string,
): { readonly config: string; readonly weights: Uint8Array } {
  const refuse = (reason: string): never => {
    throw new DramatisError(
      'ADAPTER_MISMATCH',
      `this adapter cannot be written for PEFT: ${reason}`,
    );
  };
  const modules = new Set<string>();
  const tensors: SafetensorInput[] = matrices.flatMap(({ name, in: width, out, a, b }) => {
    const [, layer, kind] = /^blk\.(\d+)\.(.+)\.weight$/.exec(name) ?? [];
    const part = peftNames.get(kind ?? '') ?? refuse(`"${name}" has no name there`);
    modules.add(part.replace(/^.*\./, ''));
    const module = `base_model.model.model.layers.${layer}.${part}`;
    const rows = moveRows(b, { heads: headsOf(name, base, refuse), rank, to: 'peft' });
    return [
      { name: `${module}.lora_A.weight`, shape: [rank, width], values: a },
      { name: `${module}.lora_B.weight`, shape: [out, rank], values: rows },
    ];
  });
  const config = {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: baseName,
    r: rank,
    lora_alpha: alpha,
    use_rslora: false,
    use_dora: false,
    lora_dropout: 0,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    modules_to_save: null,
    target_modules: [...modules].sort(),
  };
  return { config: `${JSON.stringify(config, null, 2)}\n`, weights: encodeSafetensors(tensors) };
}

/** What wraps a module while it is trained, and names nothing: torch.compile, FSDP, checkpointing, data parallel. */
const wrappers =
  /(?:^|(?<=\.))(?:_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module|_forward_module|module)\./g;
/** What a model may be called around its layers. */
const modelNames = /^(?:(?:base_model|model|language_model|text_model|transformer)\.)*/;

/**
 * Such as base_model.model.model.layers.3.self_attn.q_proj.lora_A.weight; not those of a vision tower, whose layers lie
 * in an encoder. The name that PEFT had for the adapter may stand before ".weight".
 */
function placeOf(
  name: string,
): { matrix: string; module: string; half: 'A' | 'B'; adapter: string } | undefined {
  const plain = name.replace(wrappers, '').replace(modelNames, '');
  const found = /^layers\.(\d+)\.(.+)\.lora_([AB])(?:\.([^.]+))?\.weight$/.exec(plain);
  const kind = matrixNames[found?.[2] ?? ''];
  if (!found || !kind) return undefined;
  return {
    matrix: `blk.${found[1]}.${kind}.weight`,
    module: `model.layers.${found[1]}.${found[2]}`,
    half: found[3] === 'A' ? 'A' : 'B',
    adapter: found[4] ?? 'default',
  };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new DramatisError('FILE_MISSING', `cannot read ${path}`, { cause });
  }
}
