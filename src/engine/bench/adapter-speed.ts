import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GgufHeader } from '../../gguf/header.ts';
import { readModelHeader } from '../../gguf/read-model-header.ts';
import { median } from '../../median.ts';
import { contentHashAside } from '../adapter.ts';
import { checkAdapter } from '../check-adapter.ts';
import { type ComputeOptions, compute, gpuLayers } from '../compute.ts';
import type {
  CacheUsage,
  NativeAdapter,
  NativeAddon,
  NativeCache,
  NativeModel,
  NativeSession,
  NativeSpan,
} from '../native.ts';
import { greedy, toNative } from '../sampling.ts';
import { writeRandomAdapter } from './random-adapter.ts';

/** What was measured of the bank and of llama.cpp's own adapters, a number for each round; the other is empty. */
export interface AdapterMeasurement {
  readonly what: string;
  readonly unit: 'ms' | '%' | '×' | 'MiB' | 'times';
  readonly ours: readonly number[];
  readonly stock: readonly number[];
}

/** One row of `dramatis bench adapters --json`: medians, and ours over stock. */
export interface AdapterFigure {
  readonly what: string;
  readonly ours: number;
  readonly stock: number | null;
  readonly ratio: number | null;
  readonly unit: string;
}

export interface AdapterSpeedOptions extends ComputeOptions {
  readonly rank: number;
  /** Tokens or steps of each kind that are timed. */
  readonly rounds: number;
  readonly signal?: AbortSignal | undefined;
}

export function figureOf({ what, unit, ours, stock }: AdapterMeasurement): AdapterFigure {
  const [own, theirs] = [rounded(median(ours)), stock.length > 0 ? rounded(median(stock)) : null];
  const ratio = theirs === null || theirs === 0 ? null : rounded(own / theirs);
  return { what, ours: own, stock: theirs, ratio, unit };
}

/**
 * What adapters cost with the bank, beside what they cost by llama.cpp's own means (`llama_set_adapters_lora`) in the same
 * library: random adapters on all matrices of all layers. What is compared is measured in turn, round by round, since a
 * machine's speed changes by the minute; times include the way to the engine thread and back.
 */
export async function* measureAdapterSpeed(
  path: string,
  options: AdapterSpeedOptions,
): AsyncGenerator<AdapterMeasurement> {
  const folder = await mkdtemp(join(tmpdir(), 'dramatis-bench-'));
  try {
    const file = join(folder, 'adapter.gguf');
    await writeRandomAdapter(file, path, { rank: options.rank, seed: 1 });
    const addon = compute(options);
    const model = await addon.openModel(path, gpuLayers(addon, options.gpu), new addon.Load());
    model.setBank(8, Math.max(64, options.rank), '', '');
    const bench = new Bench(addon, model, await readModelHeader(path), file, options);
    try {
      await bench.open();
      yield* bench.tokens();
      yield* bench.switches();
      yield* bench.scene();
      yield* bench.batches();
      yield* bench.prompts();
      yield* bench.memory();
      yield* bench.loads();
    } finally {
      bench.dispose();
      model.dispose();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

const characters = 4;
const window = 1024;
const slice = 256;
const rows = 64;

class Bench {
  readonly #addon: NativeAddon;
  readonly #model: NativeModel;
  readonly #header: GgufHeader;
  readonly #file: string;
  readonly #options: AdapterSpeedOptions;
  readonly #open: { dispose(): void }[] = [];
  readonly #caches = new Map<NativeSession, NativeCache>();
  #adapters: NativeAdapter[] = [];
  /** Without adapters, with ours, with stock ones. */
  #three: readonly NativeSession[] = [];
  #seed = 1;

  constructor(
    addon: NativeAddon,
    model: NativeModel,
    header: GgufHeader,
    file: string,
    options: AdapterSpeedOptions,
  ) {
    this.#addon = addon;
    this.#model = model;
    this.#header = header;
    this.#file = file;
    this.#options = options;
  }

  async open(): Promise<void> {
    for (let i = 0; i < characters; i++) this.#adapters.push(await this.#adapter());
    const [bare, ours, stock] = [await this.#cache(), await this.#cache(), await this.#cache()];
    await applyAdapter(ours[0]!, this.#adapters[0]!);
    await stock[0]!.applyStock([this.#adapters[0]!], [1]);
    this.#three = [bare[0]!, ours[0]!, stock[0]!];
  }

  dispose(): void {
    for (const one of this.#open) one.dispose();
  }

  /** A token of a single timeline. */
  async *tokens(): AsyncGenerator<AdapterMeasurement> {
    for (const session of this.#three) await this.#begin(session, 64);
    const times = await this.#rounds(this.#options.rounds, this.#three, (one) => one.next());
    yield* this.#taxes('decode one token', times);
  }

  /** What a token costs more when the adapter changes before it. */
  async *switches(): AsyncGenerator<AdapterMeasurement> {
    const [, ours, stock] = this.#three as [NativeSession, NativeSession, NativeSession];
    const samples: { ours: number[]; stock: number[] } = { ours: [], stock: [] };
    // A difference of two tokens, each of which takes a hundred times as long.
    const switches = 5 * this.#options.rounds;
    const reserves: number[][] = [[], []];
    const next = {
      ours: (adapter: NativeAdapter) => ours.next(spansOf(adapter)),
      stock: async (adapter: NativeAdapter) => {
        await stock.applyStock([adapter], [1]);
        return stock.next();
      },
    };
    for (const [i, [name, session]] of Object.entries({ ours, stock }).entries()) {
      const kind = name as 'ours' | 'stock';
      // All resident, all graphs made.
      for (const adapter of this.#adapters) if (kind === 'ours') await applyAdapter(ours, adapter);
      for (const adapter of this.#adapters) await next[kind](adapter);
      const before = (await this.#usage(session)).reserves;
      for (let round = 0; round < switches; round++) {
        this.#options.signal?.throwIfAborted();
        const adapter = this.#adapters[round % characters]!;
        const switched = await milliseconds(() => next[kind](adapter));
        samples[kind].push(switched - (await milliseconds(() => session.next())));
      }
      reserves[i]!.push((await this.#usage(session)).reserves - before);
    }
    yield { what: 'switch between two resident adapters', unit: 'ms', ...samples };
    const what = `schedulers made in ${switches} switches`;
    yield { what, unit: 'times', ours: reserves[0]!, stock: reserves[1]! };
  }

  /** Four characters who each read every line and speak in turn, one timeline each in one cache. */
  async *scene(): AsyncGenerator<AdapterMeasurement> {
    const line = 64;
    const reuse: number[] = [];
    for (const isStock of [false, true]) {
      const cast = await this.#cache(characters);
      for (const session of cast) this.#sampler(session);
      const applyStock = async (i: number): Promise<void> => {
        if (isStock) await cast[i]!.applyStock([this.#adapters[i]!], [1]);
      };
      if (!isStock)
        for (const [i, one] of cast.entries()) await applyAdapter(one, this.#adapters[i]!);
      let steps = 0;
      const before = (await this.#usage(cast[0]!)).reusedGraphs;
      for (const speaker of cast.keys()) {
        this.#options.signal?.throwIfAborted();
        const cue = this.#prompt(line);
        for (const [i, session] of cast.entries()) {
          await applyStock(i);
          await session.feed(cue, i === speaker);
          steps++;
        }
        await applyStock(speaker);
        // The first is drawn from what the cue's step left.
        for (let i = 0; i <= line; i++) await cast[speaker]!.next();
        steps += line;
      }
      reuse.push((100 * ((await this.#usage(cast[0]!)).reusedGraphs - before)) / steps);
      this.#close(cast);
    }
    const what = `steps of a scene of ${characters} that reuse the graph before`;
    yield { what, unit: '%', ours: [reuse[0]!], stock: [reuse[1]!] };
  }

  /** A token of four timelines each: together, and by stock means one after another. */
  async *batches(): AsyncGenerator<AdapterMeasurement> {
    const [bare, ours, stock] = [
      await this.#cache(characters),
      await this.#cache(characters),
      await this.#cache(characters),
    ];
    for (const cast of [bare, ours, stock])
      for (const session of cast) await this.#begin(session, 40);
    for (const [i, session] of ours.entries()) await applyAdapter(session, this.#adapters[i]!);
    const each = async (): Promise<void> => {
      for (const [i, session] of stock.entries()) {
        await session.applyStock([this.#adapters[i]!], [1]);
        await session.next();
      }
    };
    const [none, together, apart] = await this.#rounds(
      Math.ceil(this.#options.rounds / 2),
      [
        () => this.#addon.nextOfEach(bare, [], []),
        () => this.#addon.nextOfEach(ours, [], []),
        each,
      ],
      (step) => step(),
    );
    yield {
      what: `one batch of ${characters} characters × ${characters} adapters, over ${characters} rows without`,
      unit: '×',
      ours: together!.map((time, i) => time / none![i]!),
      stock: [],
    };
    yield {
      what: `a token for each of ${characters} characters: one batch, stock one by one`,
      unit: 'ms',
      ours: together!,
      stock: apart!,
    };
    for (const cast of [bare, ours, stock]) this.#close(cast);
  }

  async *prompts(): AsyncGenerator<AdapterMeasurement> {
    const times = await this.#rounds(
      Math.ceil(this.#options.rounds / 10),
      this.#three,
      async (session) => {
        await session.feed(this.#prompt(slice), false);
        await session.feed(this.#prompt(slice), true);
      },
      (session) => session.rewind(0),
    );
    yield* this.#taxes(`read ${2 * slice} tokens`, times);
  }

  /** A transcript that eight characters share, each with a turn of their own, and the same in caches of their own. */
  async *memory(): AsyncGenerator<AdapterMeasurement> {
    const { trainedWindow } = this.#model.info();
    const [eight, turn] = [8, 24];
    const transcript = Math.min(2000, trainedWindow - turn);
    const whole = transcript + turn;
    const cells = transcript + eight * turn;
    const cache = await this.#model.openCache(slice, rows, eight + 1, cells);
    const shared = await cache.session(whole);
    this.#open.push(shared, cache);
    for (let at = 0; at < transcript; at += slice) {
      this.#options.signal?.throwIfAborted();
      await shared.feed(this.#prompt(Math.min(slice, transcript - at)), false);
    }
    for (let i = 0; i < eight; i++) {
      const fork = await shared.fork();
      this.#open.push(fork);
      await applyAdapter(fork, this.#adapters[i % characters]!, transcript);
      await fork.feed(this.#prompt(turn), true);
    }
    const { tokens } = await cache.usage();
    const bytesPerToken = cache.bytesPerToken();
    yield {
      what: `cache of ${eight} characters who share ${transcript} tokens; stock: ${eight} caches`,
      unit: 'MiB',
      ours: [(tokens * bytesPerToken) / 2 ** 20],
      stock: [(eight * whole * bytesPerToken) / 2 ** 20],
    };
  }

  /** From a file to the first token under it, without the token. */
  async *loads(): AsyncGenerator<AdapterMeasurement> {
    const [, ours, stock] = this.#three as [NativeSession, NativeSession, NativeSession];
    for (const session of [ours, stock]) await this.#begin(session, 16);
    const samples: { ours: number[]; stock: number[] } = { ours: [], stock: [] };
    const pauses: number[] = [];
    for (let i = 0; i < 6; i++) {
      for (const [kind, session] of [
        ['ours', ours],
        ['stock', stock],
      ] as const) {
        const token = median([
          await milliseconds(() => session.next()),
          await milliseconds(() => session.next()),
          await milliseconds(() => session.next()),
        ]);
        let adapter: NativeAdapter | undefined;
        const opening = await milliseconds(async () => {
          adapter = kind === 'ours' ? await this.#checked() : await this.#adapter();
        });
        const parts: number[] = [];
        const applying = await milliseconds(async () => {
          if (kind === 'stock') await session.applyStock([adapter!], [1]);
          else await applyAdapter(session, adapter!, 0, parts);
        });
        const first = await milliseconds(() => session.next());
        samples[kind].push(opening + applying + Math.max(0, first - token));
        if (kind === 'ours') pauses.push(Math.max(...parts));
      }
    }
    yield { what: 'load one more adapter, from its file until it acts', unit: 'ms', ...samples };
    yield {
      what: 'the longest step that others wait for while it becomes resident',
      unit: 'ms',
      ours: pauses,
      stock: [],
    };
  }

  /** Opens an adapter by the checks and the hash that `Model.adapter` makes. */
  async #checked(): Promise<NativeAdapter> {
    const open = async (): Promise<NativeAdapter> => {
      await checkAdapter(this.#file, this.#header, this.#options.rank);
      return this.#adapter();
    };
    const [adapter] = await Promise.all([open(), contentHashAside(this.#file)]);
    return adapter;
  }

  async #adapter(): Promise<NativeAdapter> {
    const adapter = await this.#model.openAdapter(this.#file);
    this.#open.push(adapter);
    return adapter;
  }

  /** A cache with so many sessions. */
  async #cache(sessions = 1): Promise<NativeSession[]> {
    const cache = await this.#model.openCache(slice, rows, sessions, window * sessions);
    const cast: NativeSession[] = [];
    while (cast.length < sessions) cast.push(await cache.session(window));
    this.#open.push(...cast, cache);
    for (const session of cast) this.#caches.set(session, cache);
    return cast;
  }

  #usage(session: NativeSession): Promise<CacheUsage> {
    return this.#caches.get(session)!.usage();
  }

  #close(cast: readonly NativeSession[]): void {
    for (const session of cast) {
      session.dispose();
      this.#caches.get(session)?.dispose();
    }
  }

  #sampler(session: NativeSession): void {
    session.setSampler(toNative(greedy), new Int32Array(), []);
    const { ends } = this.#model.info();
    session.setBias(ends, new Float32Array(ends.length).fill(-1e9));
  }

  async #begin(session: NativeSession, tokens: number): Promise<void> {
    this.#sampler(session);
    await session.rewind(0);
    await session.feed(this.#prompt(tokens), true);
    for (let i = 0; i < 3; i++) await session.next();
  }

  #prompt(length: number): Int32Array {
    const { vocabulary } = this.#model.info();
    const seed = this.#seed++;
    return Int32Array.from({ length }, (_, i) => (seed * 31 + 7919 * i) % vocabulary);
  }

  /** Times of each, taken in turn. */
  async #rounds<T>(
    rounds: number,
    contenders: readonly T[],
    act: (contender: T) => Promise<unknown>,
    before: (contender: T) => Promise<unknown> = async () => {},
  ): Promise<number[][]> {
    const times: number[][] = contenders.map(() => []);
    for (let round = 0; round < rounds; round++) {
      this.#options.signal?.throwIfAborted();
      for (const [i, contender] of contenders.entries()) {
        await before(contender);
        times[i]!.push(await milliseconds(() => act(contender)));
      }
    }
    return times;
  }

  *#taxes(what: string, [bare, ours, stock]: readonly number[][]): Generator<AdapterMeasurement> {
    const more = (times: readonly number[]) => times.map((time, i) => 100 * (time / bare![i]! - 1));
    yield { what: `${what}, no adapter`, unit: 'ms', ours: bare!, stock: bare! };
    yield { what: `${what}, one adapter`, unit: 'ms', ours: ours!, stock: stock! };
    yield { what: `${what}: slower for it by`, unit: '%', ours: more(ours!), stock: more(stock!) };
  }
}

function spansOf(adapter: NativeAdapter, from = 0): NativeSpan[] {
  const acting: NativeSpan = { from, adapters: [adapter], gains: [1] };
  return from === 0 ? [acting] : [{ from: 0, adapters: [], gains: [] }, acting];
}

/** @param parts What each step of it took, in milliseconds, is added here. */
async function applyAdapter(
  session: NativeSession,
  adapter: NativeAdapter,
  from = 0,
  parts: number[] = [],
): Promise<void> {
  const spans = spansOf(adapter, from);
  for (let done = false; !done; ) {
    parts.push(
      await milliseconds(async () => {
        done = await session.applyAdapters(spans);
      }),
    );
  }
}

async function milliseconds(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

const rounded = (value: number): number => Number(value.toPrecision(4));
