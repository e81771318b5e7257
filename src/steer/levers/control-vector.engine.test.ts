import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Adapter } from '../../engine/adapter.ts';
import { Model } from '../../engine/model.ts';
import { drawTogether } from '../../engine/session/draw-together.ts';
import type { Session } from '../../engine/session/session.ts';
import { writeTinyModel } from '../../testing/models/tiny-model.ts';
import { castMember, lantern } from '../../testing/plays/lantern.ts';
import { scoreSteered } from '../draw/score-steered.ts';
import { steered } from '../draw/steered.ts';
import { noSteering, type Steering } from '../steering.ts';
import { SteeringLevers } from '../steering-levers.ts';
import { controlVectorOf } from './control-vector.ts';

let folder: string;
let model: Model;
let marta: Adapter;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-control-'));
  await writeTinyModel(join(folder, 'tiny.gguf'));
  model = await Model.open(join(folder, 'tiny.gguf'), { gpu: 'off' });
  marta = await controlVectorOf(model, lantern, castMember('MARTA'));
});
afterAll(() => rm(folder, { recursive: true }));

const prompt = (): Int32Array => model.tokenize('the king and the ghost');
const pushed = (scale: number): Steering => ({
  ...noSteering(),
  control: { adapter: marta, scale },
});

async function said(session: Session, steering: Steering): Promise<number[]> {
  const tokens: number[] = [];
  const options = { steering, maxTokens: 12, sampling: { seed: 3, temperature: 0.8 } };
  for await (const { token } of drawTogether([steered(session, prompt(), options)]))
    if (token !== undefined) tokens.push(token);
  return tokens;
}

/** Log-probabilities of all tokens after the prompt, from its last token on under a control vector. */
async function distribution(scale: number): Promise<Float32Array> {
  using session = await model.session();
  await session.become(prompt().subarray(0, -1));
  session.control = { adapter: marta, scale, from: prompt().length - 1 };
  await session.prefill(prompt());
  return (await session.logits())!;
}

describe('A control vector', () => {
  it('bends what is said, more the stronger it is, and leaves the session as it was', async () => {
    using session = await model.session();
    const plain = await said(session, noSteering());
    const far = (row: Float32Array, of: Float32Array): number =>
      Math.hypot(...row.map((logit, i) => logit - of[i]!));
    const [none, one, three] = [
      await distribution(0),
      await distribution(1),
      await distribution(3),
    ];
    expect(far(one, none)).toBeGreaterThan(1e-4);
    expect(far(three, none)).toBeGreaterThan(1.5 * far(one, none));
    expect(await said(session, pushed(400))).not.toEqual(plain);
    expect(session.control).toBeNull();
    expect(session.adapterKey).toBe('none');
    expect(await said(session, noSteering())).toEqual(plain);
  });

  it('is off again where the reply could not begin', async () => {
    using session = await model.session();
    const broken = { steering: pushed(400), sampling: { grammar: 'root ::= (' } };
    const reply = drawTogether([steered(session, prompt(), broken)]);
    await expect(reply.next()).rejects.toMatchObject({
      code: 'GRAMMAR_INVALID',
    });
    expect(session.control).toBeNull();
  });

  it('says the same whatever the session held before', async () => {
    using session = await model.session();
    await said(session, pushed(-300));
    using fresh = await model.session();
    expect(await said(session, pushed(400))).toEqual(await said(fresh, pushed(400)));
  });

  it('is scored as it is drawn', async () => {
    const tokens = model.tokenize('so');
    using session = await model.session();
    const scores = await scoreSteered(session, prompt(), tokens, { steering: pushed(50) });
    const row = await distribution(50);
    const all = Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0));
    expect(scores[0]).toBeCloseTo(row[tokens[0]!]! - all, 3);
    expect(session.control).toBeNull();
  });

  it('acts beside an adapter, at a strength that is changed between two tokens', async () => {
    using session = await model.session();
    await session.prefill(prompt());
    session.control = { adapter: marta, scale: 2, from: 3 };
    expect(session.length).toBe(3);
    expect(session.adapterKey).toBe(`none, from 3 ${marta.hash}×2`);
    session.setAdapters([{ adapter: marta, scale: 1 }], { from: 2 });
    expect(session.adapterKey).toBe(
      `none, from 2 ${marta.hash}×1, from 3 ${marta.hash}×1+${marta.hash}×2`,
    );
    session.control = null;
    expect(session.adapterKey).toBe(`none, from 2 ${marta.hash}×1`);
    expect(() => {
      session.control = { adapter: marta, scale: Number.NaN, from: 0 };
    }).toThrow(RangeError);
  });

  it('is a lever, off until it is asked for', async () => {
    const board = await SteeringLevers.open({
      model,
      shown: () => lantern,
      character: castMember('MARTA'),
      on: [],
    });
    expect(board.control).toBeUndefined();
    await board.turn('control', true);
    expect(board.control?.adapter.hash).toBe(marta.hash);
    expect(board.explain()).toEqual(['control: 1 times from the others’ lines towards MARTA’s']);
    await board.turn('control', false);
    expect(board.control).toBeUndefined();
  });
});

describe('A control vector that is kept', () => {
  it('is read back, and made again where a byte of it has changed', async () => {
    const kept = join(folder, 'kept');
    const read: number[] = [];
    const make = () =>
      controlVectorOf(model, lantern, castMember('MARTA'), {
        folder: kept,
        onProgress: (fraction) => read.push(fraction),
      });
    expect((await make()).hash).toBe(marta.hash);
    const [name] = await readdir(kept);
    expect(read.length).toBeGreaterThan(1);
    read.length = 0;
    expect((await make()).hash).toBe(marta.hash);
    expect(read).toEqual([]);
    const bytes = await readFile(join(kept, name!));
    bytes[bytes.length - 5]! ^= 4;
    await writeFile(join(kept, name!), bytes);
    expect((await make()).hash).toBe(marta.hash);
    expect(read.length).toBeGreaterThan(1);
  });
});
