import { usableCores } from '#dramatis/engine/cores.js';
import { Model } from '#dramatis/engine/model.js';
import { greedy } from '#dramatis/engine/sampling.js';
import { resolveModel } from '#dramatis/hub/models.js';
import { chatPrompt } from '#dramatis/prompt/chat-prompt.js';
import { Dramatis } from '#dramatis/workspace/dramatis.js';
import { type Row, rowOf } from './record.ts';
import { type Answering, llamaServer, ourServer, streamedChat } from './serve-clients.ts';

const rounds = 8;
const drawn = 128;
const clients = 4;
const asked = 'smollm2-135m';

/** What each client asks for: long answers, which no end cuts short, always the likeliest words. */
const question = (i: number): string =>
  `Tell me at great length everything that happened on day number ${i} of the voyage, hour by hour.`;
const body = (i: number) => ({
  messages: [{ role: 'user', content: question(i) }],
  ...{ max_tokens: drawn, temperature: 0, seed: 0 },
});

/**
 * `dramatis serve` on SmolLM2-135M against the engine that it stands on (one chat's tokens a second), four chats at once
 * against one after another, its first token against that of a chat in one process, and llama-server of the same source with
 * one client and with four where LLAMA_SERVER names it. In turn, in one run.
 */
export async function* run(): AsyncGenerator<Row> {
  const { path } = await resolveModel(asked, {});
  const threads = usableCores().count;
  const ours = await ourServer(asked, ['--threads', String(threads)]);
  const program = process.env.LLAMA_SERVER;
  const peers = program
    ? {
        one: await llamaServer(program, { path, threads, slots: 1 }),
        four: await llamaServer(program, { path, threads, slots: clients }),
      }
    : undefined;
  const samples = new Map<string, number[]>();
  const add = (name: string, value: number): void => {
    samples.set(name, [...(samples.get(name) ?? []), value]);
  };
  try {
    using model = await Model.open(path, { gpu: 'off', threads });
    using dramatis = await Dramatis.open({ compute: { gpu: 'off', threads } });
    using hamlet = await dramatis.actor('hamlet', { at: '1.2', model: asked });
    for (let round = 0; round < rounds; round++) {
      const own = async (): Promise<void> => {
        add('engine, one chat', await engineRate(model, round));
      };
      const served = async (): Promise<void> => {
        add('served, one chat', rateOf(await streamedChat(ours, body(round))));
      };
      // Whoever goes second finds the machine as the first has left it.
      for (const one of round % 2 === 0 ? [own, served] : [served, own]) await one();
      const inTurn = await together(ours, 1, round);
      const atOnce = await together(ours, clients, round);
      add('served, four chats one after another', inTurn);
      add('served, four chats at once', atOnce);
      if (peers) {
        add('llama-server, one client', rateOf(await streamedChat(peers.one, body(round))));
        add('llama-server, four clients at once', await together(peers.four, clients, round));
      }
      const words = `What do you know of matter number ${round}?`;
      // Warm: the character was asked something a moment ago, as in a conversation.
      await firstMs(hamlet, 'Who are you?', round);
      await servedFirstMs(ours, 'Who are you?', round);
      add('first token of a chat in one process', await firstMs(hamlet, words, round));
      add('first token through the server', await servedFirstMs(ours, words, round));
    }
  } finally {
    await ours.close();
    await peers?.one.close();
    await peers?.four.close();
  }
  const conditions = { model: asked, threads, drawn, rounds };
  for (const [name, values] of samples)
    yield rowOf('serve', name, /first token/.test(name) ? 'ms' : 'tokens/s', values, conditions);
  const ratio = (a: string, b: string): number[] =>
    samples.get(a)!.map((value, i) => value / samples.get(b)![i]!);
  const pairs: [string, string, string][] = [
    ['served of engine, one chat', 'served, one chat', 'engine, one chat'],
    [
      'at once of one after another',
      'served, four chats at once',
      'served, four chats one after another',
    ],
    ...(peers
      ? ([
          ['served of llama-server, one client', 'served, one chat', 'llama-server, one client'],
          [
            'served of llama-server, four clients',
            'served, four chats at once',
            'llama-server, four clients at once',
          ],
        ] as [string, string, string][])
      : []),
  ];
  for (const [name, a, b] of pairs) yield rowOf('serve', name, 'ratio', ratio(a, b), conditions);
  const later = samples
    .get('first token through the server')!
    .map((value, i) => value - samples.get('first token of a chat in one process')![i]!);
  yield rowOf('serve', 'first token, later through the server', 'ms', later, conditions);
}

/** Tokens a second after the first, as they arrive. */
const rateOf = ({ pieces, firstMs, lastMs }: Awaited<ReturnType<typeof streamedChat>>): number =>
  (1000 * (pieces - 1)) / (lastMs - firstMs);

async function engineRate(model: Model, i: number): Promise<number> {
  using session = await model.session({ window: 3072 });
  const prompt = chatPrompt(model, [{ role: 'user', text: question(i) }]);
  let [first, last, count] = [0, 0, 0];
  for await (const { token } of session.generate(prompt, {
    maxTokens: drawn,
    sampling: { ...greedy, dryMultiplier: 0.8 },
  })) {
    if (token === undefined) continue;
    last = performance.now();
    first ||= last;
    count++;
  }
  return (1000 * (count - 1)) / (last - first);
}

/** Tokens a second of four chats in all, so many of them at once, reading among it. */
async function together(server: Answering, atOnce: number, round: number): Promise<number> {
  const begun = performance.now();
  let pieces = 0;
  for (let at = 0; at < clients; at += atOnce) {
    const some = Array.from({ length: atOnce }, (_, i) =>
      streamedChat(server, body(100 * round + at + i)),
    );
    for (const one of await Promise.all(some)) pieces += one.pieces;
  }
  return (1000 * pieces) / (performance.now() - begun);
}

async function firstMs(
  hamlet: Awaited<ReturnType<Dramatis['actor']>>,
  text: string,
  seed: number,
): Promise<number> {
  const begun = performance.now();
  const turns = [{ speaker: 'VISITOR', text }];
  for await (const event of hamlet.actor.reply(turns, { seed, maxTokens: 4 }))
    if (event.kind === 'text') return performance.now() - begun;
  return performance.now() - begun;
}

async function servedFirstMs(server: Answering, text: string, seed: number): Promise<number> {
  const messages = [{ role: 'user', content: text }];
  const named = { ...server, model: 'hamlet@1.2' };
  return (await streamedChat(named, { messages, seed, max_tokens: 4 })).firstMs;
}
