import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { DramatisError } from '../errors.ts';
import { addonSearch, checkoutAddon } from './addon-search.ts';
import { openAddon } from './open-addon.ts';

/** The other half of native/addon.cc. Every promise is one bounded step on the addon's engine thread. */
export interface NativeAddon {
  readonly Load: new () => NativeLoad;
  /** Listens at once. `host`: an IPv4 address. `port` 0: a free one. `devices`: by name; none: GPUs, or else the CPU. */
  readonly RpcServer: new (
    host: string,
    port: number,
    devices: readonly string[],
  ) => NativeRpcServer;
  /**
   * Loads the GPU modules named in turn until one registers a device, and ggml's CPU module from `folder`; gives what
   * came of each module tried. The first call counts, later ones give what it gave.
   */
  load(folder: string, gpuModules: readonly string[]): NativeModuleAttempt[];
  /** Loads one more GPU module, to find out why it is of no use here. */
  tryModule(path: string): NativeModuleAttempt;
  devices(): NativeDevice[];
  /** What the CPU module in use was compiled for, such as "AVX512_BF16". */
  features(): string[];
  setThreads(most: number, adapt: boolean): void;
  /** Threads the next step will run on. */
  threads(): number;
  /** Names our kernels for steps on this processor, and ggml's; empty where there are none of ours. */
  comparedKernels(): string;
  /** Which of our kernels steps use from now on: for products with matrices of these types (ggml's numbers), for attention. */
  chooseKernels(products: Int32Array, attention: boolean): void;
  /** Times a product with a matrix of this type, ours beside ggml's; empty where ours does not take it. */
  measureProduct(type: number, depth: number, rows: number): Promise<NativeTimes[]>;
  /** Times attention of heads of this width, ours beside ggml's; empty where ours does not take it. */
  measureAttention(heads: number, kvHeads: number, width: number): Promise<NativeTimes[]>;
  /** `gpuLayers`: layers to offload; negative means all. */
  openModel(
    path: string,
    gpuLayers: number,
    load: NativeLoad,
    /** "host:port" of RPC servers, whose devices come before those here; none unless given. */
    servers?: readonly string[],
    /** Types of its matrices (ggml's numbers): known, they may stay as the file has them for kernels of ours. */
    matrixTypes?: Int32Array,
  ): Promise<NativeModel>;
  /** `NativeSession.next` for several sessions of one cache, in one step. */
  nextOfEach(
    sessions: readonly NativeSession[],
    /** What each is held against, with its α; undefined for none. No session is there twice. */
    bases: readonly (NativeSession | undefined)[],
    alphas: readonly number[],
  ): Promise<Int32Array>;
  /** A grammar as JSON (see `GrammarSyntax`); throws what is wrong with it. */
  parseGrammar(text: string): string;
  /** What `parseGrammar` gives, worked out on the engine thread, with a look at what a text may begin with. */
  checkGrammar(text: string): Promise<string>;
  /** For a vocabulary of the 256 bytes. */
  byteGrammar(text: string): NativeGrammar;
  openTrainer(
    path: string,
    options: NativeTrainerOptions,
    onto: readonly NativeFactors[],
  ): Promise<NativeTrainer>;
}

/** Devices of this machine, lent to one client at a time. */
export interface NativeRpcServer {
  port(): number;
  /** Names of the devices lent. */
  devices(): string[];
  /** Waits for a client and serves it until it leaves; holds the engine thread meanwhile. False once closed. */
  serveClient(): Promise<boolean>;
  close(): void;
}

/** What one computation of a step takes, the least of several rounds on one thread. */
export interface NativeTimes {
  /** Inputs computed together: 1 for a token of one speaker, more for several or for a prompt. */
  readonly columns: number;
  /** Seconds by our kernels. */
  readonly ours: number;
  /** Seconds by ggml's. */
  readonly theirs: number;
}

interface NativeModuleAttempt {
  readonly path: string;
  /** Names of the devices it registered, such as "CUDA0". */
  readonly devices: readonly string[];
  /** Why there are none, such as "libcudart.so.13: cannot open shared object file"; empty if there are some. */
  readonly error: string;
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

/** What the file says of a model: its sizes, and the tokens that mean something. */
export interface ModelInfo {
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
  info(): ModelInfo;
  /** A cache of `tokens` for up to `sessions` sessions together. */
  openCache(
    stepTokens: number,
    scoreRows: number,
    sessions: number,
    tokens: number,
  ): Promise<NativeCache>;
  openEmbedder(): Promise<NativeEmbedder>;
  openAdapter(path: string): Promise<NativeAdapter>;
  /** How the bank is to be made; no effect once the first adapter was applied. Empty strings: what is fastest here. */
  setBank(
    slots: number,
    rank: number,
    form: 'fused' | 'stacked' | '',
    precision: 'f32' | 'bf16' | 'f16' | '',
  ): void;
  /** Null if no adapter was applied yet. */
  bank(): Promise<BankUsage | null>;
  /** What a trainer holds at this moment, in half precision. */
  adapterOf(trainer: NativeTrainer): Promise<NativeAdapter>;
  /** A row of `values`, as wide as the model, for each of these layers. */
  controlVector(layers: Int32Array, values: Float32Array): Promise<NativeAdapter>;
  /**
   * The residual stream after each layer but the last, summed over the tokens of all texts but the first `from` of each:
   * layers − 1 rows as wide as the model. At most `maxHiddenTokens` in `maxHiddenTexts`, none of them empty.
   */
  hiddenSums(texts: readonly Int32Array[], from: number): Promise<Float64Array>;
  compileGrammar(text: string): Promise<NativeGrammar>;
  /** Our masks beside llama.cpp's sampler's, along `texts` and along `seeds` random replies of at most `mostTokens`. */
  compareGrammar(
    text: string,
    texts: readonly string[],
    seeds: number,
    mostTokens: number,
  ): Promise<GrammarComparison>;
  /** Ours alone, along `texts`: microseconds for each state. */
  measureGrammar(text: string, texts: readonly string[]): Promise<Float32Array>;
  dispose(): void;
}

/** The adapters of a model that are resident. */
export interface BankUsage {
  readonly slots: number;
  readonly rank: number;
  readonly form: 'fused' | 'stacked';
  readonly resident: number;
  readonly bytes: number;
  /** Since the model was opened: how often one was made resident. */
  readonly loads: number;
}

/** A KV cache that sessions share. */
export interface NativeCache {
  /** An empty session, which takes at most `window` tokens. */
  session(window: number): Promise<NativeSession>;
  bytesPerToken(): number;
  usage(): Promise<CacheUsage>;
  dispose(): void;
}

/** Occupancy and counters of a cache. */
export interface CacheUsage {
  /** Tokens that it holds, of all sessions together. */
  readonly tokens: number;
  /** Sessions that may be open at once. */
  readonly sessions: number;
  /** Sessions that are open. */
  readonly open: number;
  /** How often llama.cpp made its scheduler anew, which takes milliseconds. */
  readonly reserves: number;
  /** Steps that ran on the graph of the step before. */
  readonly reusedGraphs: number;
}

export interface NativeAdapter {
  dispose(): void;
}

export interface NativeSampling {
  readonly temperature: number;
  readonly topNSigma: number;
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
  readonly strength: number;
}

export interface NativeGrammar {
  /** Whether it bans phrases, so that tokens may be taken back. */
  hasBans(): boolean;
  matcher(): NativeMatcher;
  dispose(): void;
}

export interface NativeMatcher {
  accept(token: number): boolean;
  length(): number;
  rewind(length: number): void;
  clone(): NativeMatcher;
  allowed(): Int32Array;
  gains(): { readonly tokens: Int32Array; readonly nats: Float32Array };
  /** NaN where the text may not end. */
  finished(): number;
  potential(): number;
  dispose(): void;
}

/** Times are of the thread on its processor, in microseconds, one for each state. */
export interface GrammarComparison {
  readonly oursUs: Float32Array;
  readonly stockUs: Float32Array;
  readonly oursCompileUs: number;
  readonly stockCompileUs: number;
  readonly states: number;
  /** Tokens over all states that only one allows, but for the differences that are meant. */
  readonly onlyOurs: number;
  readonly onlyStock: number;
  readonly firstDifference: string;
}

/** What `NativeSession.next` gives in place of a token. */
export const ended = -1;
export const windowFull = -2;
/** An adapter that is to act is not resident yet: `NativeSession.applyAdapters` makes it so. */
export const notResident = -3;
/** From here down: `takenBack + 1 − n` asks for the last n tokens to be taken back. */
export const takenBack = -4;

/** Ends that a tree of `scoreTree` may have; of tokens it evaluates as many as `feed` takes. */
export const maxBranches = 128;
/** Tokens and texts one call of `hiddenSums` takes. */
export const maxHiddenTokens = 512;
export const maxHiddenTexts = 64;
/** Tokens and texts one call of `embed` takes. */
export const maxEmbedTokens = 512;
export const maxEmbedTexts = 64;

/** Adapters that act from a position on: added up, each times its gain. */
export interface NativeSpan {
  readonly from: number;
  readonly adapters: readonly NativeAdapter[];
  readonly gains: readonly number[];
}

export interface NativeSession {
  window(): number;
  rewind(length: number): Promise<number>;
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
  /** After the token chosen last, which it evaluates; empty if there is no room for it. */
  logits(): Promise<Float32Array>;
  /** With `spans`, `applyAdapters` in the same step: a change of voice costs no trip of its own. */
  next(spans?: readonly NativeSpan[]): Promise<number>;
  setSampler(
    sampling: NativeSampling,
    history: Int32Array,
    grammars: readonly NativeGrammar[],
  ): void;
  /** Milliseconds that each of these grammars has taken so far, in their order. */
  grammarMs(): Float32Array;
  /** Milliseconds that control vectors have taken on the model so far, on a CPU. */
  controlMs(): number;
  /** λ of the grammar from the next token on. */
  setStrength(strength: number): void;
  /** How many of the last tokens that `next` gave it may yet take back. */
  held(): number;
  setBias(tokens: Int32Array, values: Float32Array): void;
  /**
   * What acts on what is evaluated from now on, by its position: spans in order, the first at 0. False: a part of what
   * is not resident was loaded, and nothing has changed yet.
   */
  applyAdapters(spans: readonly NativeSpan[]): Promise<boolean>;
  /** Applies LoRAs by llama.cpp's own means, to all sessions of the cache: to compare with. */
  applyStock(adapters: readonly NativeAdapter[], gains: readonly number[]): Promise<void>;
  /** A session with the same tokens, which share their memory. */
  fork(): Promise<NativeSession>;
  save(): Promise<Uint8Array>;
  restore(state: Uint8Array, length: number): Promise<void>;
  dispose(): void;
}

export interface NativeEmbedder {
  embed(texts: readonly Int32Array[]): Promise<Float32Array[]>;
  dispose(): void;
}

export interface NativeTrainerOptions {
  readonly rank: number;
  /** alpha / rank, or alpha / √rank. */
  readonly scale: number;
  readonly dropout: number;
  readonly firstLayer: number;
  /** -1: the model's last. */
  readonly lastLayer: number;
  /** Bits in the order of `matrixNames`. */
  readonly matrices: number;
  /** "f32", "bf16", or empty: what this CPU does faster. */
  readonly precision: string;
  /** "amx", "avx512bf16", "avx512", "avx2", "plain", or empty: the fastest here, by measurement. */
  readonly kernels: string;
  /** Name of one of `devices`; empty: the CPU, by kernels of our own. */
  readonly device: string;
}

/** The low-rank factors of a matrix that is out × in: W + scale · B A. */
export interface NativeFactors {
  /** Such as "blk.0.attn_q.weight". */
  readonly name: string;
  readonly rank: number;
  readonly scale: number;
  /** rank × in. */
  readonly a: Float32Array;
  /** out × rank. */
  readonly b: Float32Array;
}

/** Texts side by side in one row of tokens. */
export interface NativeTrainBatch {
  readonly tokens: Int32Array;
  /**
   * Tokens at the start that the model reads without what is trained, and through which nothing is learned: whole texts,
   * each from position 0. What comes after sees of them what its context says.
   */
  readonly transcript: number;
  readonly positions: Int32Array;
  /** Where the own text of each token begins. */
  readonly first: Int32Array;
  /** Two numbers a token: begin and end of the extra context span it may attend to. */
  readonly context: Int32Array;
  /** Positions that predict something, each once; what; and what it counts for. */
  readonly rows: Int32Array;
  readonly targets: Int32Array;
  readonly weights: Float32Array;
  /**
   * For each target, 1 if a weight below 0 multiplies −log p as one above 0 does, for the caller to bound; else its size
   * multiplies −log(1 − p), which is bounded.
   */
  readonly plain?: Uint8Array;
}

export interface NativeAdamW {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly decay: number;
  /** Upper bound on the norm of all gradients together; 0: none. */
  readonly clip: number;
}

export interface NativeTrainer {
  info(): {
    readonly architecture: string;
    readonly precision: 'f32' | 'bf16';
    readonly kernels: string;
    readonly matrices: readonly {
      readonly name: string;
      readonly in: number;
      readonly out: number;
      readonly rank: number;
    }[];
  };
  /** Makes a part of the weights ready; gives how much is, 1 at the end. Before that nothing else works. */
  loadMore(): Promise<number>;
  /** Factors that do nothing yet. */
  reset(seed: number): void;
  begin(batch: NativeTrainBatch, gradient: boolean, noise: number): Promise<void>;
  /** Goes on with the pass for about so long; whether it is over. */
  continue(seconds: number): Promise<boolean>;
  /** Negative log-likelihood of each target in nats. */
  nll(): Float32Array;
  /** One step on the gradients added up so far; their norm, NaN if nothing was done. */
  step(options: NativeAdamW): Promise<number>;
  clear(): void;
  /** Factors of matrix i of `info`. */
  factors(i: number): { readonly a: Float32Array; readonly b: Float32Array };
  save(): Promise<Float32Array>;
  restore(state: Float32Array, steps: number): Promise<void>;
  dispose(): void;
}

let loaded: { readonly addon: NativeAddon; readonly path: string } | undefined;

/** @throws {DramatisError} NATIVE_MISSING */
export function native(): NativeAddon {
  loaded ??= load();
  return loaded.addon;
}

/**
 * Folder of the addon in use, and of the ggml libraries that it loads; ends with a separator.
 *
 * @throws {DramatisError} NATIVE_MISSING
 */
export function addonFolder(): string {
  loaded ??= load();
  return join(dirname(loaded.path), sep);
}

/**
 * Loads another library that lies beside the addon; undefined if the file is not there.
 *
 * @throws {DramatisError} NATIVE_MISSING if there is no addon.
 */
export function requireBeside(file: string): unknown {
  const path = join(addonFolder(), file);
  return existsSync(path) ? createRequire(import.meta.url)(path) : undefined;
}

function load(): { readonly addon: NativeAddon; readonly path: string } {
  const open = (path: string): NativeAddon => createRequire(import.meta.url)(path) as NativeAddon;
  const path = checkoutAddon();
  if (path === undefined) return openAddon(addonSearch(), open);
  if (!existsSync(path))
    throw new DramatisError('NATIVE_MISSING', `the addon is not built: ${path}`);
  try {
    return { addon: open(path), path };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DramatisError('NATIVE_MISSING', `the addon does not load: ${reason}`, { cause });
  }
}
