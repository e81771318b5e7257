import { DramatisError } from '../errors.ts';

/** What PEFT wrote down, as it stands. */
export type PeftConfig = Readonly<Record<string, unknown>>;

/**
 * Reads an adapter_config.json, and refuses what changes the model in ways that `alpha / rank · B · A` cannot say: better
 * no adapter than one that is a little another.
 *
 * @param from How messages call it: a path.
 * @returns `alpha` such that alpha / rank is the scale, also where PEFT divides by √rank instead (rsLoRA).
 * @throws {DramatisError} ADAPTER_MISMATCH, with the one reason.
 */
export function checkPeftConfig(
  text: string,
  from: string,
): { readonly config: PeftConfig; readonly rank: number; readonly alpha: number } {
  const refuse = (reason: string): never => {
    throw new DramatisError('ADAPTER_MISMATCH', `${from}: ${reason}`);
  };
  const config = objectOf(text) ?? refuse('it is not a JSON object');
  for (const [isSo, reason] of refusals) if (isSo(config)) refuse(reason);
  const { r: rank, lora_alpha: alpha = rank } = config;
  if (typeof rank !== 'number' || !Number.isInteger(rank) || rank < 1)
    refuse(`its rank is ${rank}`);
  if (typeof alpha !== 'number' || !(alpha > 0)) refuse(`its alpha is ${alpha}`);
  const r = Number(rank);
  const scale = config.use_rslora === true ? Math.sqrt(r) : 1;
  return { config, rank: r, alpha: Number(alpha) * scale };
}

function objectOf(text: string): PeftConfig | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === 'object' && found !== null && !Array.isArray(found)
      ? (found as PeftConfig)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Neither missing, nor null, nor false, nor an empty list or table. */
function isGiven(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== undefined && value !== null && value !== false && value !== '';
}

/** Starts that leave the base model changed: the adapter alone does not make up the difference. */
const changesBase = /^(?:pissa|olora|corda|loftq|lora_ga)/;

const refusals: readonly (readonly [isSo: (config: PeftConfig) => boolean, reason: string])[] = [
  [({ peft_type: type }) => type !== 'LORA', 'it is not a LoRA adapter'],
  [
    ({ use_dora: dora }) => isGiven(dora),
    'DoRA scales whole columns, which a LoRA file cannot say',
  ],
  [
    ({ bias, lora_bias: own }) => (isGiven(bias) && bias !== 'none') || isGiven(own),
    'it trains biases, which a LoRA file has no place for',
  ],
  [
    ({ modules_to_save: modules }) => isGiven(modules),
    'modules_to_save replaces whole modules of the base',
  ],
  [
    ({ trainable_token_indices: tokens }) => isGiven(tokens),
    'it trains single tokens of the vocabulary',
  ],
  [
    ({ rank_pattern: ranks, alpha_pattern: alphas }) => isGiven(ranks) || isGiven(alphas),
    'its rank or alpha differs from matrix to matrix',
  ],
  [({ fan_in_fan_out: fan }) => isGiven(fan), 'its matrices are stored transposed'],
  [
    ({ target_parameters: parameters }) => isGiven(parameters),
    'it adapts parameters that are no matrices of a layer',
  ],
  [
    ({ alora_invocation_tokens: tokens }) => isGiven(tokens),
    'it switches itself on at certain tokens (aLoRA)',
  ],
  [({ layer_replication: layers }) => isGiven(layers), 'it repeats layers of the base'],
  [
    ({ init_lora_weights: init }) => typeof init === 'string' && changesBase.test(init),
    'its way of initialising changed the base too; convert it to plain LoRA with PEFT first',
  ],
];
