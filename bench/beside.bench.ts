import { adam, someBatch } from '#dramatis/engine/bench/train-batch.js';
import { Model } from '#dramatis/engine/model.js';
import type { Session } from '#dramatis/engine/session/session.js';
import { Trainer } from '#dramatis/engine/trainer.js';
import { resolveModel } from '#dramatis/hub/models.js';
import { type Row, rowOf } from './record.ts';

const rounds = 3;
const said = 120;
const stepsAlone = 4;
const adapters = 10;

/**
 * A chat and a training on SmolLM2-135M in one process, each alone and both together, a token and a slice of a step in
 * turn, on as many threads as the engine takes by itself; and how soon an adapter that was trained a moment ago says its first token in a live chat.
 */
export async function* run(): AsyncGenerator<Row> {
  const { path } = await resolveModel('smollm2-135m', {});
  using model = await Model.open(path, { gpu: 'off' });
  using session = await model.session();
  using trainer = await Trainer.open(path, { rank: 16, alpha: 32, gpu: 'off' });
  trainer.reset(1);
  const batch = someBatch(4, 128);
  const step = async (noise: number): Promise<void> => {
    await trainer.pass(batch, { noise });
    await trainer.step(adam);
  };
  const samples: Record<string, number[]> = {};
  const add = (name: string, ...values: number[]): void => {
    samples[name] = [...(samples[name] ?? []), ...values];
  };
  await step(0); // buffers, pages
  for (let round = 0; round < rounds; round++) {
    const alone = await chat(session);
    add('chat alone', alone.tokensPerSecond);
    add('chat alone, longest wait for a token', alone.longestMs);
    let start = performance.now();
    for (let i = 0; i < stepsAlone; i++) await step(i);
    add('training alone', perSecond(stepsAlone * batch.tokens.length, start));

    let isOver = false;
    let steps = 0;
    start = performance.now();
    const going = (async () => {
      for (; !isOver; steps++) await step(steps);
    })();
    const beside = await chat(session);
    isOver = true;
    await going;
    add('chat beside training', beside.tokensPerSecond);
    add('chat beside training, longest wait for a token', beside.longestMs);
    add('training beside chat', perSecond(steps * batch.tokens.length, start));
  }
  for (let i = 0; i < adapters; i++) {
    await step(i);
    const start = performance.now();
    const adapter = await trainer.adapter(model);
    session.setAdapters([{ adapter, scale: 1 }]);
    add('adapter taken over from the trainer', performance.now() - start);
    for await (const _ of session.generate(model.tokenize('Who goes there?'), { maxTokens: 1 }))
      break;
    add('last step to first token of a chat under it', performance.now() - start);
    session.setAdapters([]);
    adapter[Symbol.dispose]();
  }
  for (const [name, values] of Object.entries(samples)) {
    const isTime = /wait|adapter|step to/.test(name);
    yield rowOf('beside', name, isTime ? 'ms' : 'tokens/s', values);
  }
  const ratio = (one: string, other: string): number[] =>
    samples[one]!.map((value, i) => value / samples[other]![i]!);
  const share = ratio('training beside chat', 'training alone').map(
    (part, i) => part + ratio('chat beside training', 'chat alone')[i]!,
  );
  yield rowOf('beside', 'shares of their own speeds, added', 'ratio', share);
}

const perSecond = (tokens: number, since: number): number =>
  (1000 * tokens) / (performance.now() - since);

async function chat(session: Session): Promise<{ tokensPerSecond: number; longestMs: number }> {
  session.clear();
  const prompt = session.model.tokenize('Who goes there, at this hour of the night?');
  const sampling = { seed: 3, temperature: 0.8 };
  let [last, longestMs, count] = [performance.now(), 0, 0];
  const start = last;
  for await (const { token } of session.generate(prompt, { maxTokens: said, sampling })) {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last);
    last = now;
    if (token !== undefined) count++;
  }
  return { tokensPerSecond: perSecond(count, start), longestMs };
}
