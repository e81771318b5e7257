import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { noComponents } from '../eval/subject.ts';
import type { AdapterVersion } from '../registry/version.ts';
import { writeTinyAdapter, writeTinyModel } from '../testing/models/tiny-model.ts';
import { printings } from '../testing/plays/ostrava.ts';
import { runCommandLine } from './command-line.ts';
import { openDramatis } from './open-dramatis.ts';

const at = mkdtempSync(join(tmpdir(), 'dramatis-chat-adapters-'));
const file = (name: string): string => join(at, name);
const home = process.env.DRAMATIS_HOME;

beforeAll(async () => {
  await writeTinyModel(file('base.gguf'));
  for (const seed of [1, 2]) await writeTinyAdapter(file(`${seed}.gguf`), { seed });
  writeFileSync(file('lantern.md'), printings.Markdown!);
});
afterAll(() => {
  if (home === undefined) delete process.env.DRAMATIS_HOME;
  else process.env.DRAMATIS_HOME = home;
  rmSync(at, { recursive: true });
});

let out = '';
beforeEach(() => {
  process.env.DRAMATIS_HOME = mkdtempSync(join(at, 'home-'));
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

async function dramatis(...args: string[]): Promise<string> {
  out = '';
  await runCommandLine(args);
  return out;
}

const whose = ['--play', file('lantern.md'), '--model', file('base.gguf')];
const form = ['--form', 'script'];
async function add(name: string, isOwn = true, ...more: string[]): Promise<AdapterVersion> {
  const whom = isOwn ? ['--character', 'marta', ...whose] : whose;
  const printed = await dramatis(
    ...['adapters', 'import', file(name), ...whom, ...form, '--json', ...more],
  );
  return JSON.parse(printed);
}
const promote = ({ id }: AdapterVersion) =>
  dramatis('adapters', 'promote', id, '--force', 'for a test');
const rollBack = () => dramatis('adapters', 'rollback', 'marta');
const say = async (...more: string[]) =>
  JSON.parse(
    await dramatis(
      ...['chat', 'marta', ...whose, ...form, '--say', 'Who keeps the light?', '--seed', '7'],
      ...['--max-tokens', '24', '--no-memory', '--gpu', 'off', '--json', ...more],
    ),
  ) as { reply: string; adapters: unknown };

const whole = ({ id }: AdapterVersion) => ({ id, scale: 1 });

describe('dramatis chat', () => {
  it('speaks with what is promoted, and after a rollback as before', async () => {
    const [first, second] = [await add('1.gguf'), await add('2.gguf')];
    const bare = await say();
    await promote(first);
    const before = await say();
    await promote(second);
    const between = await say();
    await rollBack();
    const after = await say();
    expect(before.adapters).toEqual([whole(first)]);
    expect(between.adapters).toEqual([whole(second)]);
    expect(new Set([bare.reply, before.reply, between.reply]).size).toBe(3);
    expect(after).toMatchObject({ reply: before.reply, adapters: before.adapters });
    expect(await say('--adapter', 'none')).toMatchObject({ reply: bare.reply, adapters: [] });
    expect((await say('--adapter', second.id.slice(0, 5))).reply).toBe(between.reply);
    expect((await say('--adapter', file('2.gguf'))).reply).toBe(between.reply);
  });

  it('refuses to speak with what is damaged, and says which rollback helps', async () => {
    const version = await add('1.gguf');
    await promote(version);
    const path = join(process.env.DRAMATIS_HOME!, 'adapters', version.id, 'adapter.gguf');
    writeFileSync(path, readFileSync(path).subarray(1));
    await expect(say()).rejects.toMatchObject({
      code: 'STORE_DAMAGED',
      remedy: expect.stringContaining(`rollback ${version.id}`),
    });
    expect(out).toBe('');
    await rollBack();
    expect((await say()).adapters).toEqual([]);
  });
});

describe('dramatis eval', () => {
  /** How results describe what --adapter names. */
  async function described(adapter: string) {
    const dramatis = await openDramatis({ gpu: 'off' });
    const source = await dramatis.source({ character: 'marta', play: file('lantern.md') });
    const levers = { ...noComponents, adapter: true };
    using examinee = await dramatis.subject({
      adapter,
      adapterScale: 1,
      model: file('base.gguf'),
      form: 'script',
      levers,
      signal: new AbortController().signal,
      whom: { play: source.id, character: 'MARTA' },
    });
    const subject = await examinee.forPart(source, 3);
    expect(subject.levers.adapter).toBe(true);
    return examinee.description.adapter;
  }

  it('names the version that it measures, and the one under it', async () => {
    const under = await add('1.gguf', false);
    const own = await add('2.gguf', true, '--on', under.id);
    const wanted = {
      file: own.id,
      id: own.id,
      sha256: own.sha256,
      scale: 1,
      on: { id: under.id, sha256: under.sha256 },
    };
    expect(await described(own.id)).toEqual(wanted);
    await promote(own);
    expect(await described('promoted')).toEqual(wanted);
  });

  it('puts on the files of each fold, also a play adapter and another on it', async () => {
    for (let fold = 0; fold < 5; fold++) {
      await writeTinyAdapter(file(`play-${fold}.gguf`), { seed: 10 + fold });
      await writeTinyAdapter(file(`own-${fold}.gguf`), { seed: 20 + fold });
    }
    const pair = `${file('play-{fold}.gguf')},${file('own-{fold}.gguf')}`;
    const one = await described(file('own-{fold}.gguf'));
    const two = await described(pair);
    expect(one).toMatchObject({ file: 'own-{fold}.gguf', scale: 1 });
    expect(two).toMatchObject({ file: 'play-{fold}.gguf,own-{fold}.gguf', scale: 1 });
    expect(two?.sha256).not.toBe(one?.sha256);
  });
});
