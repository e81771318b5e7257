import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CanonResults } from '../eval/canon/canon-results.ts';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import { quay } from '../testing/plays/quay.ts';
import { Dramatis } from './dramatis.ts';
import { planPower } from './plan-power.ts';
import { type CanonEvent, runCanon } from './run-canon.ts';
import type { CanonOptions } from './runs/canon-run.ts';

const at = mkdtempSync(join(tmpdir(), 'dramatis-run-canon-'));
const file = (name: string): string => join(at, name);
const plays = ['quay', 'mole', 'pier'].map((name) => file(`${name}.md`));
let dramatis: Dramatis;

beforeAll(async () => {
  await writeTinyModel(file('base.gguf'), { context: 2048 });
  for (const [i, path] of plays.entries())
    writeFileSync(path, quay().replaceAll('the', ['the', 'thy', 'yon'][i]!));
  dramatis = await Dramatis.open({
    hub: { offline: true, env: { DRAMATIS_HOME: at } },
    compute: { gpu: 'off' },
  });
});
afterAll(() => {
  dramatis[Symbol.dispose]();
  rmSync(at, { recursive: true });
});

const common = { plays, model: file('base.gguf'), form: 'script', limit: 4 } as const;

async function run(options: CanonOptions): Promise<CanonEvent[]> {
  const events: CanonEvent[] = [];
  for await (const event of runCanon(dramatis, { ...common, ...options })) events.push(event);
  return events;
}

const written = (name: string): CanonResults =>
  JSON.parse(readFileSync(file(name), 'utf8')) as CanonResults;

describe('runCanon', () => {
  it('measures every play, whole, and takes the mean over plays', async () => {
    const events = await run({ tasks: ['who'], split: 'all', out: file('who.json') });
    const done = events.filter(({ kind }) => kind === 'play');
    expect(done.map((one) => one.kind === 'play' && one.play)).toEqual(['quay', 'mole', 'pier']);
    const { tasks, plays: asked } = written('who.json');
    const { rows } = tasks[0]!.metrics[0]!;
    expect(asked).toHaveLength(3);
    expect(rows.subject).toMatchObject({ plays: 3, n: 12 });
    const figures = Object.values(rows.subject!.byPlay);
    expect(rows.subject!.value).toBeCloseTo(figures.reduce((a, b) => a + b, 0) / 3, 12);
    expect(rows.original!.value).toBe(1);
    expect(rows.base).toBeUndefined();
    const stored = readFileSync(file('who.json.rows.jsonl'), 'utf8').trim().split('\n');
    expect(new Set(stored.map((line) => (JSON.parse(line) as { play: string }).play)).size).toBe(3);
  });

  it('goes on where a run was left, to the bytes of a whole one', async () => {
    const asked = { tasks: ['who'], split: 'all' } as const;
    const events = runCanon(dramatis, { ...common, ...asked, limit: 3, out: file('cut.json') });
    for await (const { kind } of events) if (kind === 'play') break;
    const rest = await run({ ...asked, limit: 3, out: file('cut.json') });
    expect(rest[0]).toMatchObject({ kind: 'resumed' });
    await run({ ...asked, limit: 3, out: file('whole.json'), fresh: true });
    expect(readFileSync(file('cut.json'))).toEqual(readFileSync(file('whole.json')));
  });

  it('refuses plays that have nothing to ask, and one that is not there', async () => {
    await expect(run({ tasks: ['know'], plays: [plays[0]!] })).rejects.toMatchObject({
      code: 'NO_ITEMS',
    });
    await expect(run({ plays: [file('none.md')] })).rejects.toMatchObject({ code: 'FILE_MISSING' });
  });
});

describe('planPower', () => {
  it('counts what would be asked, and says nothing of differences with few clusters', async () => {
    const [who] = await planPower(dramatis, { tasks: ['who'], plays, split: 'all', alike: 0.9 });
    expect(who).toMatchObject({ plays: 3, clusters: 3 });
    expect(who!.fromModel).toBeGreaterThan(0);
    const two = await planPower(dramatis, { plays: plays.slice(0, 2), tasks: ['who'], alike: 0.9 });
    expect(two[0]!.fromFloor).toBeNaN();
    await expect(planPower(dramatis, { tasks: ['bits'], plays, alike: 0.9 })).rejects.toMatchObject(
      { code: 'USAGE' },
    );
  });
});
