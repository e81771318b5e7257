import { readFile } from 'node:fs/promises';
import { compute } from '#dramatis/engine/compute.js';
import { Model } from '#dramatis/engine/model.js';
import { greedy, type Sampling } from '#dramatis/engine/sampling.js';
import { resolveModel } from '#dramatis/hub/models.js';
import { openPlay } from '#dramatis/hub/plays.js';
import { type Row, rowOf } from './record.ts';
import { timed } from './timed.ts';

/** What stands between the model and the reader: tokenising, drawing a token, the way to the engine thread and back. */
export async function* run(): AsyncGenerator<Row> {
  const { path } = await resolveModel('smollm2-135m', {});
  using model = await Model.open(path, { gpu: 'off' });
  const text = await readFile((await openPlay('hamlet', {})).path, 'utf8');
  const page = text.slice(20_000, 30_000);
  yield* timed('engine', {
    'tokenise 10,000 characters of Hamlet': () => model.tokenize(page),
    'tokenise one sentence': () => model.tokenize('Who is there? Nay, answer me.'),
  });

  using session = await model.session();
  const prompt = model.tokenize(page).subarray(0, 32);
  await session.prefill(prompt);
  const addon = compute({ gpu: 'off' });
  const bareModel = await addon.openModel(path, 0, new addon.Load());
  const bare = await (await bareModel.openCache(64, 64, 1, 64)).session(64);
  await bare.feed(prompt, true);
  // Nothing is scored or kept: nothing is computed, only the trip is made.
  const nothing = [prompt.subarray(0, 1), Int32Array.of(-1), Uint8Array.of(0)] as const;
  yield* timed('engine', {
    'trip to the engine thread and back': () => bare.scoreTree(...nothing, -1),
  });

  const samplings: Record<string, Partial<Sampling>> = {
    greedy,
    'top-k, min-p, temperature': { ...greedy, temperature: 0.8, seed: 1 },
    'the same with DRY': { temperature: 0.8, seed: 1 },
  };
  for (const [name, sampling] of Object.entries(samplings)) {
    const samples: number[] = [];
    const bias = new Map(Array.from(model.info.ends, (end) => [end, -1e9] as const));
    let last = 0;
    for await (const _ of session.generate(prompt, { sampling, bias, maxTokens: 300 })) {
      const now = performance.now();
      if (last > 0) samples.push(now - last);
      last = now;
    }
    yield rowOf('engine', `a token, ${name}`, 'ms', samples);
  }
}
