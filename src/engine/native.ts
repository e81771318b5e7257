import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { DramatisError } from '../errors.ts';

/** The other half of native/addon.cc. Every promise is one bounded step on the addon's engine thread. */
export interface NativeAddon {
  readonly Load: new () => NativeLoad;
  /** Loads ggml's CPU module from `folder` and the GPU modules named; the first call counts. */
  load(folder: string, gpuModules: readonly string[]): void;
  devices(): NativeDevice[];
  /** What the CPU module in use was compiled for, such as "AVX512_BF16". */
  features(): string[];
  setThreads(most: number, adapt: boolean): void;
  /** Threads the next step will run on. */
  threads(): number;
  /** `gpuLayers`: layers to offload; negative means all. */
  openModel(path: string, gpuLayers: number, load: NativeLoad): Promise<NativeModel>;
}

interface NativeLoad {
  /** 0 to 1. */
  fraction(): number;
  cancel(): void;
}

export interface NativeDevice {
  readonly name: string;
  readonly description: string;
  readonly kind: 'cpu' | 'gpu' | 'igpu' | 'accelerator';
  readonly backend: string;
  /** Bytes. */
  readonly memoryFree: number;
  readonly memoryTotal: number;
}

export interface NativeModelInfo {
  readonly description: string;
  readonly parameters: number;
  readonly bytes: number;
  readonly trainedWindow: number;
  readonly width: number;
  readonly layers: number;
  readonly vocabulary: number;
  readonly addsStart: boolean;
  /** Token ids; -1 where the vocabulary has none. */
  readonly start: number;
  readonly separator: number;
  readonly ends: Int32Array;
}

export interface NativeModel {
  tokenize(text: string): Int32Array;
  piece(token: number): Uint8Array;
  special(text: string): number;
  info(): NativeModelInfo;
  openSession(window: number, stepTokens: number, scoreRows: number): Promise<NativeSession>;
  openEmbedder(): Promise<NativeEmbedder>;
  openAdapter(path: string): Promise<NativeAdapter>;
  dispose(): void;
}

export interface NativeAdapter {
  dispose(): void;
}

export interface NativeSampling {
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly minP: number;
  readonly repeatPenalty: number;
  readonly repeatLast: number;
  readonly dryMultiplier: number;
  readonly dryBase: number;
  readonly dryAllowed: number;
  readonly dryLast: number;
  readonly seed: number;
  readonly grammar: string;
}

/** What `NativeSession.next` gives in place of a token. */
export const ended = -1;
export const windowFull = -2;

/** Ends that a tree of `scoreTree` may have; of tokens it evaluates as many as `feed` takes. */
export const maxBranches = 128;
/** Tokens and texts one call of `embed` takes. */
export const maxEmbedTokens = 512;
export const maxEmbedTexts = 64;

export interface NativeSession {
  window(): number;
  rewind(length: number): number;
  /** `last`: what follows is drawn or scored; without it the slice's logits are not computed. */
  feed(tokens: Int32Array, last: boolean): Promise<void>;
  /**
   * Log-probabilities of a tree's scored tokens, 0 for the others; `parents` are indices of earlier tokens or -1. The
   * timeline then ends with the token `keep`, or as before if that is -1.
   */
  scoreTree(
    tokens: Int32Array,
    parents: Int32Array,
    scored: Uint8Array,
    keep: number,
  ): Promise<Float32Array>;
  next(): Promise<number>;
  setSampler(sampling: NativeSampling, history: Int32Array): void;
  setBias(tokens: Int32Array, values: Float32Array): void;
  setAdapter(adapter: NativeAdapter | null, scale: number): void;
  save(): Promise<Uint8Array>;
  restore(state: Uint8Array, length: number): Promise<void>;
  dispose(): void;
}

export interface NativeEmbedder {
  embed(texts: readonly Int32Array[]): Promise<Float32Array[]>;
  dispose(): void;
}

/** Where the build leaves the addon and the ggml libraries it loads. */
export const addonFolder = new URL('../../build/Release/', import.meta.url).pathname;

let loaded: NativeAddon | undefined;

/** @throws {DramatisError} NATIVE_MISSING */
export function native(): NativeAddon {
  if (loaded) return loaded;
  const path = `${addonFolder}dramatis.node`;
  if (!existsSync(path))
    throw new DramatisError('NATIVE_MISSING', `the addon is not built: ${path}`);
  try {
    loaded = createRequire(import.meta.url)(path) as NativeAddon;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DramatisError('NATIVE_MISSING', `the addon does not load: ${reason}`, { cause });
  }
  return loaded;
}
