import { once } from 'node:events';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdapterVersion } from '../registry/version.ts';
import { home } from '../testing/home.ts';
import type { TrainingEvent } from '../train/training.ts';
import { dramatis, folder, json, type RunOptions, start } from './dramatis.ts';

/** The Old Man of Macbeth has 114 tokens to learn, and with a few layers it takes seconds. */
const train = [
  ...['train', 'old man', '--epochs', '2', '--layers', '24-29', '--words', '100'],
  ...['--batch', '256', '--lr', '1e-3', '--no-memory', '--gpu', 'off', '--offline'],
];
/** A question that the persona has no answer to: what is said hangs on the weights alone. */
const say = [
  'chat',
  'old man',
  '--say',
  'How is the weather today?',
  '--seed',
  '1',
  '--max-tokens',
  '32',
];

type Line = TrainingEvent | { readonly kind: 'version'; readonly version: AdapterVersion };

const lines = (out: string): Line[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

const losses = (events: readonly Line[]): [number, number][] =>
  events.flatMap((event) =>
    event.kind === 'step' ? [[event.step, event.loss!] as [number, number]] : [],
  );

/** Nats a token learned: an epoch has the same rows as another, in other batches. */
function lossOf(events: readonly Line[], epoch: number): number {
  let [sum, count] = [0, 0];
  for (const event of events) {
    if (event.kind !== 'step' || event.epoch !== epoch) continue;
    sum += event.loss! * event.learned;
    count += event.learned;
  }
  return sum / count;
}

/** A home of its own that has what was fetched. */
async function someHome(): Promise<{ options: RunOptions } & AsyncDisposable> {
  const at = await folder();
  for (const part of ['models', 'plays', 'indices'])
    await symlink(join(home, part), join(at.path, part));
  return {
    options: { env: { DRAMATIS_HOME: at.path } },
    [Symbol.asyncDispose]: () => at[Symbol.asyncDispose](),
  };
}

async function answer(options: RunOptions, ...more: string[]): Promise<string> {
  const args = [...say, '--no-memory', '--gpu', 'off', '--offline', ...more];
  const { reply } = await json<{ reply: string }>(args, options);
  return reply;
}

describe('Teaching a character', () => {
  let at: Awaited<ReturnType<typeof someHome>>;
  let before = '';
  /** What the run reports that both stories begin with. */
  let events: readonly Line[] = [];
  beforeAll(async () => {
    at = await someHome();
    before = await answer(at.options);
    const { code, out, err } = await dramatis([...train, '--json'], at.options);
    expect(code, err).toBe(0);
    events = lines(out);
  });
  afterAll(() => at[Symbol.asyncDispose]());

  it('ends with a version that the chat speaks with, is refused without figures, and is taken back', async () => {
    const { options } = at;
    expect(lossOf(events, 1)).toBeLessThan(lossOf(events, 0));
    const last = events.at(-1)!;
    if (last.kind !== 'version') throw new Error('the run ended without a version');
    const { id } = last.version;
    expect(last.version).toMatchObject({ character: 'OLD MAN', play: 'macbeth', rank: 16 });

    const adapted = await answer(options, '--adapter', id.slice(0, 6));
    expect(adapted).not.toBe(before);

    const refused = await dramatis(['adapters', 'promote', id], options);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('is not fully measured yet: bits, voice, keep, recite');
    expect(refused.err).toContain(`dramatis adapters promote ${id} --measure`);
    expect(await answer(options)).toBe(before);

    await json(['adapters', 'promote', id, '--force', 'to see it active'], options);
    expect(await answer(options)).toBe(adapted);
    await json(['adapters', 'rollback', 'old man'], options);
    expect(await answer(options)).toBe(before);
    expect((await dramatis(['adapters', 'verify'], options)).code).toBe(0);
  });

  it('goes on after it was ended to the figures it would have had', async () => {
    const child = start([...train, '--json', '--note', 'again'], at.options);
    const seen: Line[] = [];
    const reader = createInterface({ input: child.stdout! });
    reader.on('line', (line) => {
      seen.push(JSON.parse(line) as Line);
      if (losses(seen).length === 2) child.kill('SIGTERM');
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(143);

    const again = await dramatis([...train, '--json', '--note', 'again', '--resume'], at.options);
    expect(again.code, again.err).toBe(0);
    const rest = lines(again.out);
    const begun = rest.find((line) => line.kind === 'start');
    expect(begun).toMatchObject({ from: losses(seen).at(-1)![0] });
    expect([...losses(seen), ...losses(rest)]).toEqual(losses(events));
  });
});
