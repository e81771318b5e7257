import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { splitOf } from '../corpus/splits/split.ts';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import { printings } from '../testing/plays/ostrava.ts';
import { quay } from '../testing/plays/quay.ts';
import { resultOf } from '../testing/result-of.ts';
import type { RecipeRequest } from '../train/recipe-from.ts';
import { Dramatis } from './dramatis.ts';
import { readCurve } from './runs/learning-curve.ts';
import type { TrainOptions } from './runs/prepare-training.ts';
import { type TrainEvent, trainAdapter } from './train-adapter.ts';

const at = mkdtempSync(join(tmpdir(), 'dramatis-train-adapter-'));
const file = (name: string): string => join(at, name);
let dramatis: Dramatis;

beforeAll(async () => {
  await writeTinyModel(file('base.gguf'), { context: 2048 });
  writeFileSync(file('lantern.md'), printings.Markdown!);
  writeFileSync(file('quay.md'), quay());
  dramatis = await Dramatis.open({
    hub: { offline: true, env: { DRAMATIS_HOME: at } },
    compute: { gpu: 'off' },
  });
});
afterAll(() => {
  dramatis[Symbol.dispose]();
  rmSync(at, { recursive: true });
});

const small: RecipeRequest = { form: 'script', rank: 4, batchTokens: 256, rows: { words: 80 } };
const lantern = { play: file('lantern.md'), model: file('base.gguf'), memory: false };

type EventOf<Kind extends TrainEvent['kind']> = Extract<TrainEvent, { readonly kind: Kind }>;
const of = <Kind extends TrainEvent['kind']>(events: readonly TrainEvent[], kind: Kind) =>
  events.filter((event): event is EventOf<Kind> => event.kind === kind);

/** All events of a run, with its version and the loss of each step. */
async function train({ recipe = {}, ...options }: TrainOptions) {
  const rows = { ...small.rows, ...recipe.rows };
  const events: TrainEvent[] = [];
  for await (const event of trainAdapter(dramatis, {
    ...lantern,
    ...options,
    recipe: { ...small, ...recipe, rows },
  }))
    events.push(event);
  const curve = of(events, 'step').flatMap(({ loss }) => loss ?? []);
  return { events, curve, version: of(events, 'version')[0]!.version };
}

/** The adapters that an actor of the play speaks with. */
async function activeFor(character: string, adapter?: string) {
  const { play, model } = lantern;
  const options = { play, model, memory: false, form: 'script' } as const;
  using actor = await dramatis.actor(character, { ...options, ...(adapter && { adapter }) });
  return (await resultOf(actor.say('Who keeps the light?', { maxTokens: 8 }))).adapters;
}

describe('trainAdapter', () => {
  it("makes the play's adapter of everybody's rows in balance, and a character's on top that is active with it", async () => {
    const play = await train({
      recipe: { epochs: 4, rate: 0.01, rows: { everyone: true, balance: 1 } },
    });
    expect(play.version).toMatchObject({
      character: null,
      layer: 'play',
      rank: 4,
      recipe: { rows: { everyone: true, balance: 1 } },
    });
    expect(play.curve.at(-1)!).toBeLessThan(play.curve[0]!);

    const own = await train({
      character: 'marta',
      curve: file('marta.curve.json'),
      on: play.version.id,
      recipe: { epochs: 2, rows: { kinds: ['scene', 'contrast'], contrast: 0.5 } },
    });
    expect(own.version).toMatchObject({
      character: 'MARTA',
      layer: 'character',
      on: play.version.id,
      recipe: { rows: { kinds: ['scene', 'contrast'], contrast: 0.5 } },
    });
    const kept = await readCurve(file('marta.curve.json'));
    expect(kept.learned.map(({ value }) => value)).toEqual(own.curve);
    expect(kept).toMatchObject({
      measure: 'loss',
      heldOut: of(own.events, 'dev').map(({ step, nll }) => ({ step, value: nll })),
      asked: of(own.events, 'rows')[0]!.devRows,
    });
    // Only the second knows how fast this machine is.
    expect(of(play.events, 'estimate')).toEqual([]);
    expect(of(own.events, 'estimate')[0]!.seconds).toBeGreaterThan(0);
    // It goes on from what the play's adapter has learnt.
    expect(own.curve[0]!).toBeLessThan(play.curve[0]!);
    const registry = dramatis.registry();
    expect((await registry.open(own.version.id)).on?.version.id).toBe(play.version.id);
    await registry.promote(own.version.id, { by: 'a test', force: 'for a test' });
    expect(await activeFor('marta')).toEqual([
      { id: play.version.id, scale: 1 },
      { id: own.version.id, scale: 1 },
    ]);
  });

  it('makes one adapter of all who speak in several plays, and a character’s on top of it', async () => {
    const plays = [file('lantern.md'), file('quay.md')];
    const { events, curve, version } = await train({
      ...{ play: undefined, plays },
      recipe: { epochs: 3, rate: 0.01 },
    });
    expect(version).toMatchObject({
      ...{ play: 'lantern,quay', plays: ['lantern', 'quay'], character: null, layer: 'play' },
      recipe: { form: 'script', rows: { everyone: true, kinds: ['page'] } },
    });
    expect(of(events, 'rows')[0]).toMatchObject({ title: '2 plays', character: null });
    expect(curve.at(-1)!).toBeLessThan(curve[0]!);
    const own = await train({ character: 'marta', on: version.id, recipe: { epochs: 1 } });
    expect(own.version).toMatchObject({ character: 'MARTA', on: version.id });
  });

  it.each([
    ['a character', { character: 'marta' }],
    ['--on', { on: '3f9a' }],
    ['--promote', { promote: true }],
  ])('refuses %s beside several plays', async (name, more) => {
    const plays = [file('lantern.md'), file('quay.md')];
    await expect(train({ play: undefined, plays, ...more })).rejects.toMatchObject({
      ...{ code: 'USAGE', message: expect.stringContaining(name) },
    });
  });

  it("goes on from a version with preferences, and tells own words from another's the better", async () => {
    const plain = await train({ character: 'marta', recipe: { epochs: 2, rate: 0.01 } });
    const preferring: RecipeRequest = {
      ...({ objective: 'preference', beta: 0.1, epochs: 6, rate: 0.01 } as const),
      rows: { kinds: ['contrast'], contrast: 1 },
    };
    const from = plain.version.id;
    const own = await train({ character: 'marta', from, recipe: preferring });
    expect(own.version).toMatchObject({
      parent: from,
      recipe: { objective: 'preference', beta: 0.1, rows: { kinds: ['contrast'] } },
    });
    expect(of(own.events, 'reference').length).toBeGreaterThan(0);
    expect(own.curve.at(-1)!).toBeLessThan(own.curve[0]!);

    const other = train({ character: 'bruno', from, recipe: preferring });
    await expect(other).rejects.toMatchObject({ code: 'ADAPTER_MISMATCH' });
    const narrower = train({ character: 'marta', from, recipe: { matrices: ['attn_q'] } });
    await expect(narrower).rejects.toMatchObject({ code: 'ADAPTER_MISMATCH' });
  });

  it('makes an adapter for own turns alone, which is active for them', async () => {
    const recipe = { scope: 'turn', epochs: 6, rate: 0.02 } as const;
    const { version, curve } = await train({ character: 'marta', recipe });
    expect(version).toMatchObject({ scope: 'turn', recipe: { scope: 'turn' } });
    expect(curve.at(-1)!).toBeLessThan(curve[0]!);
    expect(await activeFor('marta', version.id)).toEqual([{ id: version.id, scale: 1 }]);
  });

  it('goes on where a run was left to the figures that it would have had', async () => {
    const recipe = { ...small, epochs: 3 };
    const options = { ...lantern, character: 'bruno', recipe };
    const whole = await train(options);
    const begun: number[] = [];
    for await (const event of trainAdapter(dramatis, { ...options, note: 'again' })) {
      if (event.kind === 'step') begun.push(event.loss!);
      if (begun.length === 2) break;
    }
    const rest = await train({ ...options, note: 'again', resume: true });
    expect(of(rest.events, 'run')).toMatchObject([{ isResumed: true }]);
    expect([...begun, ...rest.curve]).toEqual(whole.curve);
    expect(rest.version.id).toBe(whole.version.id);
  });
});

describe('trainAdapter with promotion', () => {
  const quayside = { play: file('quay.md'), promote: true } as const;

  it('puts a version in use that the gate lets pass', async () => {
    const recipe = { epochs: 3, rate: 0.01, context: 512 };
    const { events, version } = await train({ ...quayside, character: 'marva', recipe });
    expect(events.at(-1)).toMatchObject({
      kind: 'promotion',
      isInUse: true,
      refusal: undefined,
      gate: { passes: true },
    });
    const { before, after } = of(events, 'version')[0]!.devLoss;
    expect(after!).toBeLessThan(before!);
    const registry = dramatis.registry();
    const inUse = (await registry.promotions()).map(({ stack }) => stack.at(-1));
    expect(inUse).toContain(version.id);
    const figures = await registry.metrics(version);
    expect(Object.keys(figures).sort()).toEqual(
      ['bits gain', 'keep change', 'recited', 'voice AUC'].sort(),
    );
  });

  it('says which figures are missing where the play has no scene to measure on', async () => {
    const { events, version } = await train({
      character: 'bruno',
      promote: true,
      recipe: { epochs: 1 },
    });
    expect(of(events, 'rows')).toMatchObject([{ devRows: 0, devScenes: undefined }]);
    expect(of(events, 'version')[0]!.devLoss).toEqual({ before: undefined, after: undefined });
    const [promotion] = of(events, 'promotion');
    expect(promotion!.isInUse).toBe(false);
    expect(promotion!.gate.checks.find(({ name }) => name === 'origin')).toMatchObject({
      passes: true,
    });
    // Nothing is made up.
    expect(promotion!.refusal).toMatchObject({
      code: 'GATE_REFUSED',
      message: expect.stringMatching(new RegExp(`^${version.id} .*bits`)),
    });
    const inUse = (await dramatis.registry().promotions()).flatMap(({ stack }) => stack);
    expect(inUse).not.toContain(version.id);
  });

  it('stops by a slice of train where the character says nothing in the dev scenes, and measures on it', async () => {
    const { play } = await dramatis.play(file('quay.md'));
    const split = splitOf('quay', play);
    const scenes = play.acts.flatMap(({ number, scenes }) =>
      scenes.map((scene) => `${number}.${scene.number}`),
    );
    writeFileSync(file('silent.md'), quay(scenes.filter((one) => split.partOf(one) === 'dev')));
    const { events, version } = await train({
      ...quayside,
      play: file('silent.md'),
      character: 'pavel',
      recipe: { epochs: 2, rate: 0.01 },
    });
    const [{ devRows, devScenes }] = of(events, 'rows') as [EventOf<'rows'>];
    expect(devRows).toBeGreaterThan(0);
    expect(devScenes).toHaveLength(1);
    expect(split.partOf(devScenes![0]!)).toBe('train');
    expect(version.recipe).toMatchObject({ devScenes });
    expect(of(events, 'version')[0]!.devLoss.after).toBeGreaterThan(0);
    expect(Object.keys(await dramatis.registry().metrics(version))).toContain('bits gain');
  });
});
