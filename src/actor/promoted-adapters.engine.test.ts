import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Model } from '../engine/model.ts';
import { parsePlay } from '../play/parse.ts';
import { templateVersion } from '../prompt/prompt.ts';
import { Registry } from '../registry/registry.ts';
import { type AdapterVersion, slotOf, type VersionDetails } from '../registry/version.ts';
import { noSteering, type Steering } from '../steer/steering.ts';
import { fileSha256 } from '../store/sha256.ts';
import { tinyDetails } from '../testing/models/tiny-adapter.ts';
import { writeTinyAdapter, writeTinyModel } from '../testing/models/tiny-model.ts';
import { printings } from '../testing/plays/ostrava.ts';
import { Actor } from './actor.ts';
import { Conversation } from './conversation.ts';
import { Dialogue } from './dialogue.ts';
import { PromotedAdapters } from './promoted-adapters.ts';
import type { AdaptersEvent, Reply } from './reply.ts';

const by = 'a test';
const play = parsePlay(new TextEncoder().encode(printings.Markdown!));
const marta = play.cast.find(({ name }) => name === 'MARTA')!;

let folder: string;
let model: Model;
let base: string;
let registry: Registry;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-promoted-'));
  await writeTinyModel(join(folder, 'tiny.gguf'));
  for (const seed of [1, 2, 3]) await writeTinyAdapter(join(folder, `${seed}.gguf`), { seed });
  model = await Model.open(join(folder, 'tiny.gguf'), { gpu: 'off' });
  base = await fileSha256(model.path);
});
beforeEach(async () => {
  registry = new Registry(await mkdtemp(join(folder, 'adapters-')));
});
afterAll(() => rm(folder, { recursive: true }));

async function added(seed: number, change: Partial<VersionDetails> = {}): Promise<AdapterVersion> {
  const own = { sha256: base, header: model.header };
  const details = tinyDetails(own, {
    templateVersion,
    play: 'invented',
    character: 'MARTA',
    ...change,
  });
  return registry.add(join(folder, `${seed}.gguf`), details, own);
}

const promote = ({ id }: AdapterVersion) => registry.promote(id, { by, force: 'for a test' });
const rollBack = (version: AdapterVersion) =>
  registry.rollback(slotOf(version), { by, reason: '' });

/** A random model ends wherever it likes; these tests want to hear it. */
const unending = (): Steering => ({
  ...noSteering(24),
  bias: new Map(
    [...model.info.ends, ...model.tokenize('\n')].map((token) => [token, Number.NEGATIVE_INFINITY]),
  ),
});

async function begin(stateFolder = join(folder, 'states')): Promise<Dialogue> {
  const actor = await Actor.open({
    play,
    character: marta,
    model,
    steering: unending(),
    form: 'script',
    stateFolder,
    adapterSource: new PromotedAdapters({
      registry,
      model,
      base: async () => base,
      scale: 1,
      slot: { play: 'invented', character: 'MARTA', form: 'script' },
    }),
  });
  const conversation = await Conversation.begin(join(folder, 'conversations'), {
    play: 'invented',
    playHash: '',
    character: 'MARTA',
    model: 'tiny',
    form: 'script',
    steer: false,
    seed: 7,
    version: '0',
  });
  return new Dialogue({ actor, conversation, seed: 7, maxTokens: 24 });
}

/** The answer at a seed, with what was said of the costume. */
async function ask(
  dialogue: Dialogue,
  text: string,
  seed = 7,
): Promise<Reply & { selected: AdaptersEvent }> {
  dialogue.seed = seed;
  let selected: AdaptersEvent | undefined;
  for await (const event of dialogue.say(text)) {
    if (event.kind === 'adapters') selected = event;
    if (event.kind === 'done') return { ...event, selected: selected! };
  }
  throw new Error('the reply was not done');
}

const whole = ({ id }: AdapterVersion) => ({ id, scale: 1 });

describe('An actor in what is promoted', () => {
  it('says after a rollback exactly what it said before the promotion', async () => {
    const [first, second] = [await added(1), await added(2)];
    await promote(first);
    const dialogue = await begin();
    const before = await ask(dialogue, 'Who keeps the light?');
    expect(before.selected).toMatchObject({ isNew: false, adapters: [whole(first)] });

    await dialogue.takeBack();
    await promote(second);
    const between = await ask(dialogue, 'Who keeps the light?');
    expect(between.selected).toMatchObject({ isNew: true, adapters: [whole(second)] });
    expect(between.reply).not.toBe(before.reply);

    await dialogue.takeBack();
    await rollBack(second);
    const after = await ask(dialogue, 'Who keeps the light?');
    expect(after.selected).toMatchObject({ isNew: true, adapters: [whole(first)] });
    expect(after.reply).toBe(before.reply);
  });

  it('does so late in a conversation too, to the last bit', async () => {
    const [first, second] = [await added(1), await added(2)];
    await promote(first);
    // With 10 and 58 the answer was another one when the conversation was only read again.
    for (const seed of [1, 10, 58]) {
      const dialogue = await begin();
      using _ = dialogue.actor;
      for (let turn = 0; turn < 3; turn++)
        await ask(dialogue, `And on day ${turn}?`, 100 * seed + turn);
      const before = await ask(dialogue, 'And in the end?', seed);
      await dialogue.takeBack();
      await promote(second);
      expect((await ask(dialogue, 'And in the end?', seed)).adapters).toEqual([whole(second)]);
      await dialogue.takeBack();
      await rollBack(second);
      expect((await ask(dialogue, 'And in the end?', seed)).reply).toBe(before.reply);
    }
  });

  it('does so although the timelines that it left cannot be kept', async () => {
    const [first, second] = [await added(1), await added(2)];
    await promote(first);
    await writeFile(join(folder, 'file'), '');
    const dialogue = await begin(join(folder, 'file', 'states'));
    const before = await ask(dialogue, 'Who keeps the light?');
    await dialogue.takeBack();
    await promote(second);
    await ask(dialogue, 'Who keeps the light?');
    await dialogue.takeBack();
    await rollBack(second);
    expect((await ask(dialogue, 'Who keeps the light?')).reply).toBe(before.reply);
  });

  it('leaves no timeline behind when it is disposed of', async () => {
    const states = join(folder, 'few');
    const [first, second] = [await added(1), await added(2)];
    const dialogue = await begin(states);
    for (const version of [first, second]) {
      await ask(dialogue, 'Who keeps the light?');
      await promote(version);
    }
    const leftIn = async () => (await readdir(states)).filter((name) => name.startsWith('left-'));
    expect(await leftIn()).toHaveLength(1);
    await ask(dialogue, 'And by night?');
    expect(await leftIn()).toHaveLength(2);
    dialogue.actor[Symbol.dispose]();
    expect(await leftIn()).toEqual([]);
  });

  it('speaks as the model alone before the first promotion and after its rollback', async () => {
    const version = await added(1);
    const dialogue = await begin();
    const bare = await ask(dialogue, 'Who keeps the light?');
    expect(bare.adapters).toEqual([]);
    await dialogue.takeBack();
    await promote(version);
    expect((await ask(dialogue, 'Who keeps the light?')).reply).not.toBe(bare.reply);
    await dialogue.takeBack();
    await rollBack(version);
    expect((await ask(dialogue, 'Who keeps the light?')).reply).toBe(bare.reply);
  });

  it('wears the play adapter under its own, and says something else than without', async () => {
    const under = await added(1, { character: null, layer: 'play' });
    await promote(await added(2));
    const alone = await begin();
    const without = await ask(alone, 'Who keeps the light?');
    const both = await added(3, { on: under.id });
    await promote(both);
    await alone.takeBack();
    const together = await ask(alone, 'Who keeps the light?');
    expect(together.adapters).toEqual([whole(under), whole(both)]);
    expect(together.reply).not.toBe(without.reply);
  });

  it('names what each answer was spoken with in the journal', async () => {
    const [first, second] = [await added(1), await added(2)];
    const dialogue = await begin();
    await ask(dialogue, 'Who keeps the light?');
    await promote(first);
    await ask(dialogue, 'And by day?');
    await promote(second);
    await ask(dialogue, 'And by night?');
    const { turns } = await Conversation.resume(dialogue.conversation.path);
    const answers = turns.filter(({ speaker }) => speaker === 'MARTA');
    expect(answers.map(({ adapters }) => adapters)).toEqual([[], [whole(first)], [whole(second)]]);
  });

  it('says nothing while what is promoted is damaged, and takes the question back', async () => {
    const [first, second] = [await added(1), await added(2)];
    await promote(first);
    const dialogue = await begin();
    const before = await ask(dialogue, 'Who keeps the light?');
    await promote(second);
    const path = join(registry.folder, second.id, 'adapter.gguf');
    await writeFile(path, (await readFile(path)).subarray(0, -1));
    await expect(ask(dialogue, 'And by day?')).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
    expect(dialogue.conversation.turns).toHaveLength(2);
    await rollBack(second);
    await dialogue.takeBack();
    expect((await ask(dialogue, 'Who keeps the light?')).reply).toBe(before.reply);
  });
});
