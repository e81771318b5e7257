import { DramatisError } from '../errors.ts';

/** What PEFT wrote down, as it stands. */
export type PeftConfig = Readonly<Record<string, unknown>>;

/** How a pair counts: `scale · B · A` of this rank. */
interface PeftPair {
  readonly rank: number;
  readonly scale: number;
}

/** A configuration that a LoRA file can say, read. */
export interface CheckedPeft {
  readonly config: PeftConfig;
  /**
   * How the pair of a module counts, such as "model.layers.0.self_attn.q_proj": patterns may give it a rank and an alpha
   * of its own.
   */
  pairOf(module: string): PeftPair;
}

/**
 * Reads an adapter_config.json, and refuses what changes the model in ways that `scale · B · A` cannot say: better
 * no adapter than one that is a little another.
 *
 * @param from How messages call it: a path.
 * @throws {DramatisError} ADAPTER_MISMATCH, with the one reason and what helps.
 */
export function checkPeftConfig(text: string, from: string): CheckedPeft {
  const refuse = (reason: string, remedy: string = other): never => {
    throw new DramatisError('ADAPTER_MISMATCH', `${from}: ${reason}`, { remedy });
  };
  const config = objectOf(text) ?? refuse('it is not a JSON object', again);
  for (const [isSo, reason, remedy] of refusals) if (isSo(config)) refuse(reason, remedy);
  const {
    r = usual,
    lora_alpha: alpha = usual,
    rank_pattern: ranks,
    alpha_pattern: alphas,
  } = config;
  const rank = wholeNumber(r) ?? refuse(`its rank is ${r}`, again);
  const own = positive(alpha) ?? refuse(`its alpha is ${alpha}`, again);
  const rankOf = patternsOf(ranks, 'rank', { parse: wholeNumber, refuse });
  const alphaOf = patternsOf(alphas, 'alpha', { parse: positive, refuse });
  return {
    config,
    pairOf(module) {
      const ofModule = rankOf(module) ?? rank;
      const divisor = config.use_rslora === true ? Math.sqrt(ofModule) : ofModule;
      return { rank: ofModule, scale: (alphaOf(module) ?? own) / divisor };
    },
  };
}

/** What PEFT takes for a rank and an alpha that nobody gives. */
const usual = 8;

const wholeNumber = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 ? value : undefined;
const positive = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;

/** Longest pattern that is read; a group that is repeated could take a reader ages. */
const mostPattern = 500;
const isRepeatedGroup = /\)[*+{]/;

/** The first pattern that the end of a module's name matches gives the number, as in PEFT. */
function patternsOf(
  table: unknown,
  what: string,
  {
    parse,
    refuse,
  }: {
    readonly parse: (value: unknown) => number | undefined;
    readonly refuse: (reason: string, remedy?: string) => never;
  },
): (module: string) => number | undefined {
  if (!isGiven(table)) return () => undefined;
  const rows = Object.entries(table as object).map(([pattern, value]) => ({
    pattern: regexOf(pattern) ?? refuse(`its ${what}_pattern "${pattern}" cannot be read`, again),
    value: parse(value) ?? refuse(`its ${what}_pattern gives "${pattern}" ${value}`, again),
  }));
  return (module) => rows.find(({ pattern }) => pattern.test(module))?.value;
}

function regexOf(pattern: string): RegExp | undefined {
  if (pattern.length > mostPattern || isRepeatedGroup.test(pattern)) return undefined;
  try {
    return new RegExp(`^(?:.*\\.)?(?:${pattern})$`);
  } catch {
    return undefined;
  }
}

function objectOf(text: string): PeftConfig | undefined {
  try {
    const found: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
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

/** Switches of the kind of use_dora that are on and unknown here, such as use_qalora. */
const unknownWays = (config: PeftConfig): string[] =>
  Object.keys(config).filter(
    (key) => /^use_/.test(key) && key !== 'use_rslora' && isGiven(config[key]),
  );

/** Starts that leave the base model changed: the adapter alone does not make up the difference. */
const changesBase = /^(?:pissa|olora|corda|loftq|lora_ga)/;

/** What helps where an adapter changes more than the matrices of a layer. */
export const merge =
  "Merge it into its base (PEFT's merge_and_unload), convert the whole model to GGUF and give that with --model.";
const again = 'Save it again with PEFT: adapter_config.json is not what PEFT writes.';
const other = 'Give an adapter of the LoRA kind.';
const without = (what: string): string => `${merge} Or train it again without ${what}.`;

const refusals: readonly (readonly [
  isSo: (config: PeftConfig) => boolean,
  reason: string,
  remedy: string,
])[] = [
  [({ peft_type: type }) => type !== 'LORA', 'it is not a LoRA adapter', other],
  [
    ({ use_dora: dora }) => isGiven(dora),
    'DoRA scales whole columns, which a LoRA file cannot say',
    without('use_dora'),
  ],
  [
    ({ bias, lora_bias: own }) => (isGiven(bias) && bias !== 'none') || isGiven(own),
    'it trains biases, which a LoRA file has no place for',
    without('bias'),
  ],
  [
    ({ modules_to_save: modules }) => isGiven(modules),
    'modules_to_save replaces whole modules of the base',
    without('modules_to_save'),
  ],
  [
    ({ trainable_token_indices: tokens }) => isGiven(tokens),
    'it trains single tokens of the vocabulary',
    without('trainable_token_indices'),
  ],
  [
    ({ fan_in_fan_out: fan }) => isGiven(fan),
    'its matrices are stored transposed',
    'Save it with fan_in_fan_out=False, as PEFT does for models of these architectures.',
  ],
  [
    ({ target_parameters: parameters }) => isGiven(parameters),
    'it adapts parameters that are no matrices of a layer',
    without('target_parameters'),
  ],
  [
    ({ alora_invocation_tokens: tokens }) => isGiven(tokens),
    'it switches itself on at certain tokens (aLoRA)',
    'Train it without alora_invocation_tokens; --scope turn lets an adapter act on its own turns alone.',
  ],
  [
    (config) => unknownWays(config).length > 0,
    'it computes its changes in a way that is not plain LoRA (a key use_… that is on)',
    `${merge} Or train it again as plain LoRA or with use_rslora.`,
  ],
  [({ layer_replication: layers }) => isGiven(layers), 'it repeats layers of the base', merge],
  [
    ({ init_lora_weights: init }) => typeof init === 'string' && changesBase.test(init),
    'its way of initialising changed the base too',
    "Convert it to plain LoRA with PEFT first: save_pretrained's path_initial_model_for_weight_conversion.",
  ],
];
