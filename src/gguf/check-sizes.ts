import type { GgufHeader } from './header.ts';
import { HeaderFault } from './parse-header.ts';

/** Most layers of a model: llama.cpp has room for no more. */
const maxLayers = 512;
const maxExperts = 1024;
/** Far above any model, far below where products of two overflow. */
const maxExtent = 1 << 24;

const ropeScalings = ['none', 'linear', 'yarn', 'longrope'];

/**
 * Checks the sizes that a model's architecture gives itself.
 *
 * A size that is a list, one for each layer, is left to the loader, which compares it with the tensors.
 *
 * @throws {HeaderFault} If one is out of range, or two do not agree.
 */
export function checkSizes(header: GgufHeader, architecture: string): void {
  const sizes = new Sizes(header, architecture);
  const layers = sizes.within('block_count', 1, maxLayers);
  sizes.within('nextn_predict_layers', 0, layers ?? maxLayers);
  sizes.within('context_length', 1, 2 ** 31 - 1);
  sizes.within('attention.layer_norm_epsilon', 0, 1);
  sizes.within('attention.layer_norm_rms_epsilon', 0, 1);
  // Zero and missing mean that there are no such layers; the tensors may say otherwise.
  sizes.within('feed_forward_length', sizes.leastFor(/\.ffn_(?:up|down)\.weight$/), maxExtent);
  checkHeads(sizes);
  checkExperts(sizes);
  const scaling = header.text(`${architecture}.rope.scaling.type`);
  if (scaling !== undefined && !ropeScalings.includes(scaling)) {
    throw new HeaderFault(`${architecture}.rope.scaling.type is "${scaling}", which is not known`);
  }
}

function checkHeads(sizes: Sizes): void {
  const width = sizes.within('embedding_length', 1, maxExtent);
  const keys = sizes.within('attention.key_length', 1, maxExtent);
  sizes.within('attention.value_length', 1, maxExtent);
  const heads = sizes.within(
    'attention.head_count',
    sizes.leastFor(/\.attn_q\.weight$/),
    maxExtent,
  );
  const hasKeys = sizes.leastFor(/\.attn_k\.weight$/);
  const sharing = sizes.find('attention.head_count_kv')
    ? sizes.within('attention.head_count_kv', hasKeys, maxExtent)
    : heads;
  if (heads && sharing && heads % sharing !== 0) {
    throw new HeaderFault(`${heads} attention heads cannot share ${sharing} of keys and values`);
  }
  if (heads && width !== undefined && keys === undefined && width % heads !== 0) {
    throw new HeaderFault(`a width of ${width} cannot be shared by ${heads} attention heads`);
  }
}

function checkExperts(sizes: Sizes): void {
  const experts = sizes.within('expert_count', 0, maxExperts) ?? 0;
  const used = sizes.within('expert_used_count', 0, maxExperts);
  const isListed = sizes.find('expert_used_count') !== undefined && used === undefined;
  if (!isListed && ((used ?? 0) > experts || (experts > 0 && !used))) {
    throw new HeaderFault(`${used ?? 0} of ${experts} experts are used`);
  }
  const groups = sizes.within('expert_group_count', 0, Math.max(0, experts - 1)) ?? 0;
  if (groups > 1) {
    sizes.within('expert_group_used_count', 1, groups - 1);
    if (experts % groups !== 0) throw new HeaderFault(`${experts} experts in ${groups} groups`);
  }
}

class Sizes {
  readonly #header: GgufHeader;
  readonly #architecture: string;

  constructor(header: GgufHeader, architecture: string) {
    this.#header = header;
    this.#architecture = architecture;
  }

  /** What the file has under a key of its architecture. */
  find(key: string) {
    return this.#header.metadata.get(`${this.#architecture}.${key}`);
  }

  /** 1 if a tensor is called so: a size that it is made with must then be there and not be 0. */
  leastFor(name: RegExp): 0 | 1 {
    return this.#header.tensors.some((tensor) => name.test(tensor.name)) ? 1 : 0;
  }

  /** The number under `key`; undefined if there is none and none is needed, or if it is a list. */
  within(key: string, least: number, most: number): number | undefined {
    const value = this.#header.number(`${this.#architecture}.${key}`);
    const isNeeded = least > 0 && /head_count$|feed_forward/.test(key);
    if (value === undefined && !(isNeeded && this.find(key) === undefined)) return undefined;
    if (value === undefined || !(value >= least && value <= most)) {
      const found = value ?? 'missing';
      throw new HeaderFault(
        `${this.#architecture}.${key} is ${found}; ${least} to ${most} is possible`,
      );
    }
    return value;
  }
}
