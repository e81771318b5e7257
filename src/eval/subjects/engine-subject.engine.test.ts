import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Model } from '../../engine/model.ts';
import type { Session } from '../../engine/session/session.ts';
import type { ScoreAnswer } from '../../measure/row.ts';
import { promptTemplate } from '../../prompt/prompt-template.ts';
import { scenePrompt } from '../../prompt/scene-prompt.ts';
import { writeTinyAdapter, writeTinyModel } from '../../testing/models/tiny-model.ts';
import { mill } from '../../testing/plays/mill.ts';
import { type Components, noComponents } from '../subject.ts';
import type { Context, Request, ScoreRequest } from '../task.ts';
import { EngineSubject, openScoringSession } from './engine-subject.ts';

let folder: string;
let model: Model;
let subject: EngineSubject;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-subject-'));
  await writeTinyModel(join(folder, 'tiny.gguf'));
  await writeTinyAdapter(join(folder, 'rolf.gguf'), { seed: 5 });
  model = await Model.open(join(folder, 'tiny.gguf'), { gpu: 'off' });
  subject = new EngineSubject({
    model,
    session: await openScoringSession(model),
    shown: mill.play,
    form: 'script',
    levers: {
      ...noComponents,
      persona: true,
      adapter: true,
      memory: true,
      tags: true,
      length: true,
    },
    adapters: [{ adapter: await model.adapter(join(folder, 'rolf.gguf')), scale: 1 }],
  });
});
afterAll(() => rm(folder, { recursive: true }));

const turns = [
  { speaker: 'ROLF', text: 'The wheel stands still.' },
  { speaker: 'TILDA', text: 'Then let it stand.' },
];
const scene: Context = { kind: 'scene', turns, speaker: 'ROLF' };
const score = (context: Context, ...continuations: string[]): Request => ({
  kind: 'score',
  context,
  continuations,
});
const say = (seed: number): Request => ({
  kind: 'text',
  context: { kind: 'question', speaker: 'TILDA', question: 'Where is the water?' },
  seed,
  maxTokens: 12,
});
const requests: Request[] = [
  score(scene, 'And the village wants bread.', 'No.'),
  say(7),
  score({ kind: 'scene', turns }, 'ROLF', 'TILDA'),
  score({ kind: 'scene', turns: [], speaker: 'TILDA' }, 'Dig.'),
  score({ kind: 'text', text: 'One and one is' }, ' two', ' three'),
  score({ kind: 'scene', turns: turns.slice(0, 1), speaker: 'ROLF' }, 'Still.'),
];

type SceneContext = Extract<Context, { kind: 'scene' }>;

describe('EngineSubject', () => {
  it('answers the same unit with the same bits, whatever was asked before', async () => {
    const first = await subject.answerUnit(requests);
    await subject.answerUnit([say(3), ...requests.slice(0, 3)]);
    await subject.withComponents(noComponents).answerUnit(requests);
    expect((await subject.answerUnit(requests)).answers).toEqual(first.answers);
    const late = new EngineSubject({
      model,
      session: await openScoringSession(model),
      shown: mill.play,
      form: 'script',
      levers: subject.levers,
      adapters: [{ adapter: await model.adapter(join(folder, 'rolf.gguf')), scale: 1 }],
    });
    expect((await late.answerUnit(requests)).answers).toEqual(first.answers);
  });

  it('scores as a session does that is given the prompt alone', async () => {
    const bare = subject.withComponents(noComponents);
    const { answers, usage } = await bare.answerUnit(requests.slice(0, 1));
    const { nats, tokens } = answers[0] as ScoreAnswer;
    const prompt = scenePrompt(model, { form: 'script', turns, speaker: 'ROLF' });
    using session = await model.session();
    const texts = ['And the village wants bread.', 'No.'].map(prompt.continuation);
    const alone = await session.score(prompt.tokens, texts);
    expect(tokens).toEqual(texts.map(({ length }) => length));
    alone.forEach((row, i) => {
      const sum = row.reduce((total, value) => total + value, 0);
      expect(nats[i]! / sum).toBeCloseTo(1, 2);
    });
    expect(usage.scoredTokens).toBe(tokens[0]! + tokens[1]!);
    expect(usage.evaluatedTokens).toBeLessThan(prompt.tokens.length + tokens[0]! + tokens[1]!);
  });

  it('scores and speaks under an adapter for own turns from where the turn begins', async () => {
    await writeTinyAdapter(join(folder, 'turn.gguf'), { seed: 5, scope: 'turn' });
    const adapter = await model.adapter(join(folder, 'turn.gguf'));
    const adapted = new EngineSubject({
      model,
      session: await openScoringSession(model),
      shown: mill.play,
      form: 'script',
      levers: { ...noComponents, adapter: true },
      adapters: [{ adapter, scale: 1 }],
    });
    const bare = (await adapted.withComponents(noComponents).answerUnit(requests)).answers;
    const { answers } = await adapted.answerUnit(requests);
    expect((await adapted.answerUnit(requests)).answers).toEqual(answers);
    for (const at of [0, 3, 5]) {
      const request = requests[at] as ScoreRequest;
      const { turns, speaker } = request.context as SceneContext;
      const prompt = scenePrompt(model, { form: 'script', turns, speaker });
      using session = await model.session();
      session.setAdapters([{ adapter, scale: 1 }], { from: prompt.turnFrom! });
      const texts = request.continuations.map(prompt.continuation);
      const alone = await session.score(prompt.tokens, texts);
      const { nats } = answers[at] as ScoreAnswer;
      alone.forEach((row, i) => {
        const sum = row.reduce((total, value) => total + value, 0);
        expect(nats[i]! / sum).toBeCloseTo(1, 2);
      });
      expect(nats).not.toEqual((bare[at] as ScoreAnswer).nats);
    }
    expect(answers[1]).not.toEqual(bare[1]); // it speaks, too
    // Nobody's turn: who comes next, and a text.
    for (const at of [2, 4]) {
      const [active, alone] = [answers[at] as ScoreAnswer, bare[at] as ScoreAnswer];
      active.nats.forEach((nats, i) => {
        expect(nats / alone.nats[i]!).toBeCloseTo(1, 2);
      });
    }
  });

  it('lets each lever change what it is for', async () => {
    const answersOf = async (on: object): Promise<string> =>
      JSON.stringify(
        (await subject.withComponents({ ...noComponents, ...on }).answerUnit(requests)).answers,
      );
    const bare = await answersOf({});
    expect(await answersOf({})).toBe(bare);
    expect(await answersOf({ persona: true })).not.toBe(bare);
    expect(await answersOf({ adapter: true })).not.toBe(bare);
  });

  it('bends what is scored by each lever that acts on words, where it is asked to', async () => {
    let opened: Promise<Session> | undefined;
    const baseSession = (): Promise<Session> => {
      opened ??= openScoringSession(model);
      return opened;
    };
    const asked = (steersScores: boolean) =>
      new EngineSubject({
        model,
        session,
        shown: mill.play,
        form: 'script',
        levers: noComponents,
        template: promptTemplate('brief'),
        baseSession,
        steersScores,
      });
    const natsOf = async (from: EngineSubject, on: Partial<Components>): Promise<number> => {
      const levers = { ...noComponents, persona: true, ...on };
      const { answers } = await from.withComponents(levers).answerUnit(requests.slice(0, 1));
      return (answers[0] as ScoreAnswer).nats[0]!;
    };
    using session = await openScoringSession(model);
    const [bent, straight] = [asked(true), asked(false)];
    // Token by token, as with a lever.
    const plain = await natsOf(bent, {});
    expect(await natsOf(bent, { preset: true })).toBe(plain);
    const whole = await natsOf(straight, {});
    expect(whole).toBeCloseTo(plain, 3);
    for (const lever of ['lexicon', 'length', 'contrast'] as const) {
      expect(await natsOf(straight, { [lever]: true })).toBe(whole);
      const found = await natsOf(bent, { [lever]: true });
      expect(Number.isFinite(found), lever).toBe(true);
      expect(found, lever).not.toBeCloseTo(plain, 3);
      // From the same levers the same bits, whatever was asked before.
      expect(await natsOf(bent, { [lever]: true })).toBe(found);
    }
    expect(await natsOf(straight, { prompt: true })).not.toBe(plain);
    (await opened!)[Symbol.dispose]();
  });

  it('speaks the best of several drafts, the same at the same seed', async () => {
    const levers = { ...noComponents, persona: true, reflection: true };
    const reviewed = subject.withComponents(levers);
    const first = await reviewed.answerUnit([say(7)]);
    const again = await reviewed.answerUnit([say(7)]);
    expect(again.answers).toEqual(first.answers);
    expect(first.usage.firstTokenMs[0]).toBeGreaterThan(0);
  });

  it('has no memory on without one, and leaves text as it stands alone', async () => {
    expect(subject.levers.memory).toBe(false);
    const text = requests.slice(4, 5);
    const off = { ...noComponents, adapter: true };
    const plain = await subject.withComponents(off).answerUnit(text);
    const full = await subject.withComponents({ ...off, persona: true }).answerUnit(text);
    expect(full.answers).toEqual(plain.answers);
  });

  it('leaves out the oldest turns of a scene that does not fit', async () => {
    const long = Array.from({ length: 400 }, (_, i) => turns[i % 2]!);
    const { answers } = await subject.answerUnit([
      score({ kind: 'scene', turns: long, speaker: 'ROLF' }, 'Still.'),
    ]);
    expect((answers[0] as ScoreAnswer).nats[0]).toBeLessThan(0);
  });

  it('says the same at the same seed, and something else at another', async () => {
    const said = [];
    for (const seed of [7, 7, 8]) said.push((await subject.answerUnit([say(seed)])).answers[0]);
    const [first, again, other] = said;
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});
