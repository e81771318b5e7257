import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { DramatisError } from '../errors.ts';
import type { GgufHeader } from '../gguf/header.ts';
import { partPaths } from '../gguf/part-paths.ts';
import { readModelHeader } from '../gguf/read-model-header.ts';
import type { Settings } from '../store/settings.ts';
import { sha256 } from '../store/sha256.ts';
import { Adapter, contentHashAside } from './adapter.ts';
import { checkAdapter } from './check-adapter.ts';
import { type ComputeOptions, compute, gpuLayers } from './compute.ts';
import { Embedder } from './embedder.ts';
import { Grammar } from './grammar.ts';
import type {
  BankUsage,
  GrammarComparison,
  ModelInfo,
  NativeModel,
  NativeTrainer,
} from './native.ts';
import { forgetRpcServers, requireRpcServers } from './rpc/rpc-servers.ts';
import { Cache, type CacheOptions, type SessionOptions } from './session/cache.ts';
import type { Session } from './session/session.ts';
import { settle, settleNow } from './settle.ts';
import { chooseStepKernels, matrixTypes } from './step-kernels.ts';

export {
  type BankUsage,
  type GrammarComparison,
  type ModelInfo,
  maxHiddenTexts,
  maxHiddenTokens,
} from './native.ts';

/** How many adapters of a model are resident at once, and how they are computed. */
export interface BankOptions {
  /** Adapters; the one active longest ago makes room for another. 8 unless given. */
  readonly slots?: number;
  /**
   * Highest rank of an adapter that has room from the beginning: on a CPU, where room is made for what is used, the
   * highest of all unless given, else 64. More is made before the first is used.
   */
  readonly rank?: number;
  /** `fused`: one graph node a matrix, on a CPU; `stacked`: plain products over all slots, on any device. Chosen by device unless given. */
  readonly form?: 'fused' | 'stacked';
  /** Precision that factors are kept in: half, unless given. */
  readonly precision?: 'f32';
}

/** The only home of these numbers. */
const defaultBank: { readonly slots: number; readonly rank: number } = { slots: 8, rank: 64 };
/** The highest rank of an adapter, whatever the bank was opened with: kMaxRank of native/core/bank/kernels.h. */
export const highestRank = 256;

export interface OpenOptions extends ComputeOptions {
  readonly adapters?: BankOptions;
  /**
   * Where it is kept which kernels are faster on this machine: what is not known is measured. Unless given, our own are
   * used wherever this processor has what they need.
   */
  readonly settings?: Settings;
  readonly signal?: AbortSignal;
  /** Called a few times a second with how far the load has come, 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/** Compiled grammars a model remembers by their text: one for each character on a stage. */
const keptGrammars = 32;

/** Weights and vocabulary of one GGUF model, in a file or several: shared by all sessions, immutable. */
export class Model implements Disposable {
  readonly path: string;
  readonly header: GgufHeader;
  readonly info: ModelInfo;
  /** Names this very file on this machine, cheaply: path, size and time of change. Not a content hash. */
  readonly identity: string;
  /** Names the bank's form and precision: under others the same adapter gives other bits. */
  readonly bankKey: string;
  /** "IPv4:port" of the RPC servers that hold layers of it; none for most models. */
  readonly servers: readonly string[];
  readonly #native: NativeModel;
  readonly #bankOptions: BankOptions & typeof defaultBank;
  /** Highest rank that the bank takes; more until it is made, at the first use of an adapter. */
  #mostRank: number;
  readonly #grammars = new Map<string, Promise<Grammar>>();

  private constructor(
    path: string,
    header: GgufHeader,
    native: NativeModel,
    bank: BankOptions & typeof defaultBank,
    servers: readonly string[],
  ) {
    this.path = path;
    this.header = header;
    this.servers = servers;
    this.#native = native;
    this.#bankOptions = bank;
    this.#native.setBank(bank.slots, bank.rank, bank.form ?? '', bank.precision ?? '');
    this.#mostRank = bank.rank;
    this.bankKey = `${bank.form ?? 'any form'}, ${bank.precision ?? 'half'}`;
    this.info = native.info();
    const stamps = filesOf(path, header).map((part) => {
      const { size, mtimeMs, ino } = statSync(part);
      return [resolve(part), size, mtimeMs, ino];
    });
    // Other devices give other bits: what they have read is not what the processor here would have.
    this.identity = sha256(JSON.stringify(servers.length > 0 ? [stamps, servers.length] : stamps));
  }

  /**
   * Opens a GGUF file, mapped and not read. Its header is validated first, before any native code
   * sees it.
   *
   * @throws {DramatisError} FILE_MISSING, GGUF_INVALID, MODEL_UNREADABLE, NATIVE_MISSING; RPC_UNREACHABLE, RPC_LOST
   */
  static async open(path: string, options: OpenOptions = {}): Promise<Model> {
    const header = await readModelHeader(path);
    if (header.text('general.type') === 'adapter') {
      throw new DramatisError('MODEL_UNREADABLE', `${path} is an adapter, not a model`, {
        remedy: 'Give it with --adapter, and its base model with --model.',
      });
    }
    const addon = compute(options);
    options.signal?.throwIfAborted();
    const { rpc } = options;
    const servers = rpc === undefined ? [] : await requireRpcServers(rpc, options.signal);
    const load = new addon.Load();
    const watch = setInterval(() => {
      if (options.signal?.aborted) load.cancel();
      options.onProgress?.(load.fraction());
    }, 100);
    try {
      const layers = gpuLayers(addon, options.gpu, options.rpc);
      const isOnCpu =
        layers === 0 || (rpc === undefined && !addon.devices().some(({ kind }) => kind !== 'cpu'));
      if (isOnCpu && options.settings) await chooseStepKernels(addon, header, options.settings);
      const native = await settle(
        addon.openModel(path, layers, load, servers, matrixTypes(header)),
      );
      const bank = { ...defaultBank, ...(isOnCpu && { rank: highestRank }), ...options.adapters };
      return new Model(path, header, native, bank, servers);
    } catch (error) {
      options.signal?.throwIfAborted();
      forgetRpcServers(servers);
      throw error;
    } finally {
      clearInterval(watch);
    }
  }

  /** Such as "llama". */
  get architecture(): string {
    return this.header.architecture ?? 'unknown';
  }

  /**
   * Tokens of a prompt that one step reads, by the size of the model: what an abort or a neighbour waits for.
   *
   * Cuts fall on multiples of it from the timeline's start and never follow the clock: attention sums in another
   * order when it reads 64 tokens or more at once, so cuts that moved would change the text of a seed.
   */
  get stepTokens(): number {
    const { parameters } = this.info;
    if (parameters < 0.5e9) return 256;
    return parameters < 2e9 ? 64 : 32;
  }

  /** The Jinja template in the file, if any; it is recognised by src/prompt and never run. */
  get chatTemplate(): string | undefined {
    return this.header.text('tokenizer.chat_template');
  }

  /** The tokens of a text, which never become special ones whatever the text contains. */
  tokenize(text: string): Int32Array {
    return settleNow(() => this.#native.tokenize(text));
  }

  /** The control token written exactly `text`, such as "<|im_start|>"; undefined if there is none. */
  special(text: string): number | undefined {
    const token = settleNow(() => this.#native.special(text));
    return token < 0 ? undefined : token;
  }

  /** The bytes of one token, perhaps a part of a character; none for a control token. */
  piece(token: number): Uint8Array {
    return settleNow(() => this.#native.piece(token));
  }

  detokenize(tokens: Iterable<number>): string {
    return Buffer.concat(Array.from(tokens, (token) => this.piece(token))).toString('utf8');
  }

  /**
   * Opens a KV cache that several sessions share: `cache.session()` opens each.
   *
   * @throws {DramatisError} MEMORY_SHORT; WINDOW_EXCEEDED for a window the model was not trained for.
   */
  cache(options: CacheOptions = {}): Promise<Cache> {
    return Cache.open(this, this.#native, options);
  }

  /** Opens a session in a cache of its own, which it disposes of with itself; throws as `cache` does. */
  async session(options: SessionOptions = {}): Promise<Session> {
    return (await this.cache({ ...options, sessions: 1 })).owningSession();
  }

  /** Occupancy of the bank of resident adapters; null if no adapter was ever applied. */
  async bank(): Promise<BankUsage | null> {
    return settle(this.#native.bank());
  }

  /**
   * Compiles a grammar for this vocabulary: under a millisecond, after the first on a model, which takes 50.
   * The ones asked for last are kept.
   *
   * @throws {DramatisError} GRAMMAR_INVALID, with line, column and caret.
   */
  grammar(text: string): Promise<Grammar> {
    const known = this.#grammars.get(text) ?? this.#compile(text);
    // A Map keeps the order of insertion: the first is the one asked for longest ago.
    this.#grammars.delete(text);
    this.#grammars.set(text, known);
    if (this.#grammars.size > keptGrammars) {
      this.#grammars.delete(this.#grammars.keys().next().value!);
    }
    return known;
  }

  async #compile(text: string): Promise<Grammar> {
    try {
      return new Grammar(text, await settle(this.#native.compileGrammar(text)));
    } catch (error) {
      this.#grammars.delete(text);
      throw error;
    }
  }

  /** Compares our token masks with llama.cpp's own sampler's on the same states; for benches and tests. */
  async compareGrammar(
    text: string,
    along: { readonly texts?: readonly string[]; readonly seeds: number; readonly tokens: number },
  ): Promise<GrammarComparison> {
    const { texts = [], seeds, tokens } = along;
    return await settle(this.#native.compareGrammar(text, texts, seeds, tokens));
  }

  /** Microseconds that each token of `texts` costs under a grammar; for benches. */
  async measureGrammar(text: string, texts: readonly string[]): Promise<Float32Array> {
    return await settle(this.#native.measureGrammar(text, texts));
  }

  /** @throws {DramatisError} MODEL_UNREADABLE if the model gives no sentence embeddings. */
  async embedder(): Promise<Embedder> {
    return new Embedder(this, await settle(this.#native.openEmbedder()));
  }

  /**
   * @param known The file's sha256 in hex from whoever has just checked it: it is not read for its hash again.
   * @throws {DramatisError} FILE_MISSING, GGUF_INVALID, ADAPTER_MISMATCH
   */
  async adapter(path: string, known?: string): Promise<Adapter> {
    const open = async () => {
      const lora = await checkAdapter(path, this.header, highestRank);
      await this.#makeRoomFor(path, lora.rank);
      return { lora, native: await settle(this.#native.openAdapter(path)) };
    };
    // The hash takes longest: it begins before the file is known to be an adapter.
    const [opened, hashed] = await Promise.allSettled([open(), known ?? contentHashAside(path)]);
    if (opened.status === 'rejected') throw opened.reason;
    const { lora, native } = opened.value;
    if (hashed.status === 'fulfilled') return new Adapter(path, hashed.value, lora, native);
    native.dispose();
    throw hashed.reason;
  }

  /** Raises the rank that the bank takes, which costs nothing until the first adapter is used. */
  async #makeRoomFor(path: string, rank: number): Promise<void> {
    if (rank <= this.#mostRank) return;
    const made = await this.bank();
    if (made !== null && made.rank < rank)
      throw new DramatisError(
        'ADAPTER_MISMATCH',
        `${path}: its rank is ${rank}, and adapters of at most ${made.rank} are in use already`,
        { remedy: 'Use the adapter of the highest rank first, or start anew with it.' },
      );
    const { slots, form = '', precision = '' } = this.#bankOptions;
    this.#mostRank = Math.max(this.#mostRank, rank);
    this.#native.setBank(slots, this.#mostRank, form, precision);
  }

  /**
   * Makes an adapter of what a trainer holds at this moment; each has a hash of its own, so caches are never confused.
   *
   * @internal
   */
  async adapterOf(trainer: NativeTrainer, rank: number, scale: number): Promise<Adapter> {
    const made = await settle(this.#native.adapterOf(trainer));
    return new Adapter('', randomUUID(), { rank, alpha: scale * rank }, made);
  }

  /**
   * The residual stream after each layer but the last, summed over the tokens of texts that are each read alone: layers − 1
   * rows of `info.width`, one after another.
   *
   * @param texts Together one step: at most 512 tokens in 64 texts, none empty.
   * @param from  Tokens at the start of each text that do not count.
   * @throws {DramatisError} MEMORY_SHORT
   */
  async hiddenSums(texts: readonly Int32Array[], from: number): Promise<Float64Array> {
    return settle(this.#native.hiddenSums(texts, from));
  }

  /**
   * Makes a control vector, which is added to the residual stream after some layers: see `Session.control`.
   *
   * @param directions Layer, counted from 0 → `info.width` floats.
   * @throws {DramatisError} ADAPTER_MISMATCH
   */
  async controlVector(directions: ReadonlyMap<number, Float32Array>): Promise<Adapter> {
    const layers = Int32Array.from(directions.keys());
    const values = Float32Array.from([...directions.values()].flatMap((row) => [...row]));
    const hash = sha256(layers, values);
    const native = await settle(this.#native.controlVector(layers, values));
    return new Adapter('', hash, { rank: 0, alpha: 0 }, native);
  }

  /** Idempotent. Sessions and adapters made from it go on working. */
  [Symbol.dispose](): void {
    this.#native.dispose();
  }
}

/** The files that a model lies in. */
function filesOf(path: string, header: GgufHeader): string[] {
  return (header.number('split.count') ?? 1) > 1 ? partPaths(path) : [path];
}
