import { splitOf } from '#dramatis/corpus/splits/split.js';
import { trainPlay } from '#dramatis/corpus/splits/without-scenes.js';
import { Model } from '#dramatis/engine/model.js';
import { drawTogether } from '#dramatis/engine/session/draw-together.js';
import { resolveModel } from '#dramatis/hub/models.js';
import { openPlay } from '#dramatis/hub/plays.js';
import { median } from '#dramatis/median.js';
import { findCharacter } from '#dramatis/play/cast/find-character.js';
import { Contrast, contrastOf } from '#dramatis/steer/draw/contrast.js';
import { scoreSteered } from '#dramatis/steer/draw/score-steered.js';
import { steered } from '#dramatis/steer/draw/steered.js';
import type { LeverName } from '#dramatis/steer/lever-descriptions.js';
import { leverNames } from '#dramatis/steer/lever-names.js';
import { noSteering } from '#dramatis/steer/steering.js';
import { SteeringLevers } from '#dramatis/steer/steering-levers.js';
import { type Row, rowOf } from './record.ts';
import { timed } from './timed.ts';

const rounds = 40;
const replyTokens = 64;
/** Scored word by word. */
const text = 'The wheel stands still, and I have counted all. '.repeat(6);

/**
 * What each lever costs: its own time a token, and what is left of the speed of generating with it. Hamlet on the model
 * that BENCH_MODEL names, the default one unless given. The settings take turns within a round, so that a machine that
 * changes its speed by the minute changes it for all of them; ratios are taken within a round.
 */
export async function* run(): AsyncGenerator<Row> {
  const { path } = await resolveModel(process.env.BENCH_MODEL ?? 'smollm2-135m', {});
  using model = await Model.open(path, { gpu: 'off' });
  const { id, play } = await openPlay('hamlet', {});
  const train = trainPlay(play, splitOf(id, play));
  const character = findCharacter(play, 'hamlet');
  const shown = () => train;
  const board = (on: readonly LeverName[]) => SteeringLevers.open({ model, shown, character, on });
  const pushes = leverNames.filter(
    (name) => !['preset', 'contrast', 'control', 'reflection'].includes(name),
  );

  const prompt = model.tokenize('HAMLET, prince of Denmark.\n\nVISITOR. Who are you?\n\nHAMLET.');
  using cache = await model.cache({ sessions: 2 });
  using session = await cache.session();
  using base = await cache.session();
  await session.prefill(prompt);
  const row = (await session.logits())!;
  yield* timed('levers', {
    'contrast: one token in TypeScript, without the model steps': () => contrastOf(row, row, 1.5),
  });

  const settings: Record<string, readonly LeverName[]> = {
    off: [],
    ...Object.fromEntries(pushes.map((name) => [name, [name]])),
    'all pushes': pushes,
    control: ['control'],
    'all pushes and control': [...pushes, 'control'],
    contrast: [],
  };
  const boards = new Map<string, SteeringLevers>();
  for (const [name, on] of Object.entries(settings)) boards.set(name, await board(on));
  const rates = new Map<string, number[]>([...boards.keys()].map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, steering] of boards) {
      const contrast =
        name === 'contrast'
          ? new Contrast({ alpha: 1.5, base, prompt: model.tokenize('HAMLET.') })
          : undefined;
      rates.get(name)!.push(await rateOf(steering, contrast, round));
    }
  }
  for (const [name, samples] of rates) {
    yield rowOf('levers', `${name}: generating`, 'tokens/s', samples);
    const over = samples.map((rate, i) => rate / rates.get('off')![i]!);
    yield rowOf('levers', `${name} over off`, 'ratio', over, { median: median(over) });
  }
  for (const [name, steering] of boards) {
    const costs = steering
      .costs()
      .map(({ lever, ms, count }) => [lever, (1000 * ms) / count] as const);
    for (const [lever, us] of costs)
      yield rowOf('levers', `${name}: ${lever}, one token`, 'µs', [us]);
  }
  const words = model.tokenize(` ${text}`).subarray(0, replyTokens);
  const scoring = async (): Promise<number> => {
    const start = performance.now();
    await scoreSteered(session, prompt, words, { steering: boards.get('all pushes')! });
    return (1000 * words.length) / (performance.now() - start);
  };
  const scored: number[] = [];
  for (let round = 0; round < rounds; round++) scored.push(await scoring());
  yield rowOf('levers', 'all pushes: scoring', 'tokens/s', scored);

  /** Of the tokens after the first, of another text each round. What ends a reply is not drawn: every setting says as much. */
  async function rateOf(
    steering: SteeringLevers,
    contrast: Contrast | undefined,
    seed: number,
  ): Promise<number> {
    let start = 0;
    let tokens = 0;
    const ends = [...model.info.ends].map((end) => [end, Number.NEGATIVE_INFINITY] as const);
    const unending = (bias: ReadonlyMap<number, number>) => new Map([...bias, ...ends]);
    const endless = {
      ...noSteering(),
      bias: unending(steering.bias),
      grammars: steering.grammars,
      strength: steering.strength,
      control: steering.control,
      charge: (grammars: readonly number[], control: number) =>
        steering.charge(grammars, control, 0),
      after(said: string) {
        const bias = steering.after(said);
        return bias && unending(bias);
      },
    };
    const sampling = { seed };
    const options = { steering: endless, contrast, sampling, maxTokens: replyTokens };
    for await (const { token } of drawTogether([steered(session, prompt, options)])) {
      if (token === undefined) continue;
      if (tokens++ === 0) start = performance.now();
    }
    return (1000 * (tokens - 1)) / (performance.now() - start);
  }
}
