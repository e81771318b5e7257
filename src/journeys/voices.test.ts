import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Adapter } from '../engine/adapter.ts';
import { writeRandomAdapter } from '../engine/bench/random-adapter.ts';
import { Model } from '../engine/model.ts';
import { type DrawPart, drawTogether } from '../engine/session/draw-together.ts';
import { resolveModel } from '../hub/models.ts';
import { home } from '../testing/home.ts';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import { dramatis, folder } from './dramatis.ts';

async function openModel(): Promise<Model> {
  process.env.DRAMATIS_HOME ??= home;
  return Model.open((await resolveModel('smollm2-135m', {})).path, { gpu: 'off' });
}

/** What a part says in a session of its own. */
async function alone(
  model: Model,
  adapter: Adapter,
  { prompt, options }: Omit<DrawPart, 'session'>,
): Promise<number[]> {
  using session = await model.session({ window: 512 });
  session.setAdapters([{ adapter, scale: 1 }]);
  const said: number[] = [];
  for await (const { token } of session.generate(prompt, options)) {
    if (token !== undefined) said.push(token);
  }
  return said;
}

describe('Four voices on one model', () => {
  it('say in turns and together what each says in a session of its own', async () => {
    using model = await openModel();
    await using work = await folder();
    const voices = await Promise.all(
      [1, 2, 3, 4].map(async (seed) => {
        const file = join(work.path, `${seed}.gguf`);
        await writeRandomAdapter(file, model.path, { rank: 8, seed });
        return model.adapter(file);
      }),
    );
    using cache = await model.cache({ sessions: 4, window: 512 });
    const cast = await Promise.all(voices.map(() => cache.session()));
    for (const [i, adapter] of voices.entries()) cast[i]!.setAdapters([{ adapter, scale: 1 }]);
    const texts = cast.map((_, i) =>
      model.tokenize(`The ${['king', 'queen', 'ghost', 'fool'][i]} comes to the wall, and says: `),
    );
    for (const [turn, who] of [[0], [2, 1], [0, 1, 2, 3], [3], [3, 2, 1, 0]].entries()) {
      const parts = who.map((i) => ({
        session: cast[i]!,
        prompt: texts[i]!,
        options: { maxTokens: 10, sampling: { seed: turn, temperature: 0.8 } },
      }));
      const said: number[][] = who.map(() => []);
      for await (const { part, token } of drawTogether(parts)) {
        if (token !== undefined) said[part]!.push(token);
      }
      for (const [part, i] of who.entries()) {
        const own = await alone(model, voices[i]!, parts[part]!);
        expect(said[part]).toEqual(own);
        texts[i] = Int32Array.of(...texts[i]!, ...own);
      }
    }
    expect(new Set(texts.map((text) => model.detokenize(text.slice(-8)))).size).toBe(4);
    for (const session of cast) session[Symbol.dispose]();
  });

  it('are talked with one after another in one chat, each where they were left', async () => {
    const input = ['Who are you?', '/character ophelia', 'And you?', '/character hamlet', 'Go on.'];
    const { code, out } = await dramatis(
      ['chat', 'hamlet', '--seed', '4', '--max-tokens', '12', '--gpu', 'off', '--json'],
      { input: `${input.join('\n')}\n` },
    );
    expect(code).toBe(0);
    const replies = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { character: string; reusedTokens: number });
    expect(replies.map(({ character }) => character)).toEqual(['HAMLET', 'OPHELIA', 'HAMLET']);
    // What each answer begins with was at hand, for her first one too.
    for (const { reusedTokens } of replies) expect(reusedTokens).toBeGreaterThan(20);
    expect(replies[2]!.reusedTokens).toBeGreaterThan(replies[0]!.reusedTokens);
  });

  it('are measured by a command', async () => {
    await using work = await folder();
    // What is printed depends on no model: a tiny one has it in seconds.
    const model = join(work.path, 'tiny.gguf');
    await writeTinyModel(model);
    const bench = ['bench', 'adapters', '--model', model, '-r', '2', '--gpu', 'off', '--json'];
    const { code, out, err } = await dramatis(bench);
    expect(code, err).toBe(0);
    const figures = JSON.parse(out) as Record<string, unknown>[];
    expect(figures.length).toBeGreaterThanOrEqual(7);
    for (const figure of figures) {
      expect(Object.keys(figure)).toEqual(['what', 'ours', 'stock', 'ratio', 'unit']);
    }
    const schedulers = figures.find(({ what }) => String(what).startsWith('schedulers'));
    expect(schedulers).toMatchObject({ ours: 0, stock: 10 });
  });
});
