import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coastText } from '../reinforce/reward/coast.test.support.ts';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import { Dramatis } from './dramatis.ts';
import { type ReplyRunEvent, reinforceReplies } from './reinforce-replies.ts';
import type { ReplyOptions } from './runs/prepare-replies.ts';
import { readReplyRun } from './runs/reply-run.ts';

const at = mkdtempSync(join(tmpdir(), 'dramatis-reinforce-replies-'));
const file = (name: string): string => join(at, name);
let dramatis: Dramatis;

beforeAll(async () => {
  await writeTinyModel(file('base.gguf'), { context: 4096 });
  writeFileSync(file('coast.md'), coastText());
  dramatis = await Dramatis.open({
    hub: { offline: true, env: { DRAMATIS_HOME: at } },
    compute: { gpu: 'off' },
  });
});
afterAll(() => {
  dramatis[Symbol.dispose]();
  rmSync(at, { recursive: true });
});

const small: ReplyOptions = {
  ...{ character: 'Ada', play: file('coast.md'), model: file('base.gguf'), precision: 'f32' },
  recipe: {
    ...{ method: 'rloo', form: 'script', steps: 3, looksEvery: 2, rank: 2, rate: 0.01 },
    ...{
      questions: 2,
      replies: 2,
      replyTokens: 6,
      lookQuestions: 2,
      originals: 8,
      heldOut: 12,
      lookReplies: 1,
    },
  },
};

async function run(more: Partial<ReplyOptions> = {}): Promise<ReplyRunEvent[]> {
  const events: ReplyRunEvent[] = [];
  for await (const event of reinforceReplies(dramatis, { ...small, ...more })) events.push(event);
  return events;
}

type EventOf<Kind extends ReplyRunEvent['kind']> = Extract<ReplyRunEvent, { kind: Kind }>;
const of = <Kind extends ReplyRunEvent['kind']>(
  events: readonly ReplyRunEvent[],
  kind: Kind,
): EventOf<Kind>[] => events.filter((event): event is EventOf<Kind> => event.kind === kind);

describe('reinforceReplies', () => {
  let whole: EventOf<'version'>;

  it('learns from replies, and ends with a version of the kind "reinforced" and a run that tells all', async () => {
    const events = await run();
    const [items] = of(events, 'items');
    expect(items).toMatchObject({ character: 'ADA', title: 'The Coast', looked: 2 });
    expect(items!.learned.cue).toBeGreaterThan(20);
    expect(items!.learned.mask).toBeGreaterThan(10);
    expect(of(events, 'step').map(({ step }) => step)).toEqual([1, 2, 3]);
    for (const { figures } of of(events, 'step')) {
      expect(figures.apart).toBeLessThan(0.02);
      // A random model says nothing that is worth anything.
      expect(figures.passed).toBeLessThan(0.5);
    }
    [whole] = of(events, 'version') as [EventOf<'version'>];
    expect(whole.version).toMatchObject({
      ...{ kind: 'reinforced', character: 'ADA', play: 'coast', scope: 'turn', layer: 'character' },
      recipe: { method: 'rloo', steps: 3, control: 'none' },
      // One scene is held out of so short a play: no interval, and so nothing that could promote it.
      metrics: {},
    });
    expect(whole.samples).toHaveLength(3);
    const kept = await readReplyRun(whole.run);
    expect(kept!.steps).toHaveLength(3);
    expect(kept!.replies[0]!.replies).toHaveLength(4);
    expect(kept!.replies[0]!.replies[0]).toMatchObject({ gate: expect.any(String) });
    expect(kept!.version).toBe(whole.version.id);
    const gate = await dramatis.registry().gate(whole.version.id);
    expect(gate.passes).toBe(false);
    expect(gate.checks.find(({ name }) => name === 'reward')).toMatchObject({
      lacks: 'reward gain',
    });
  });

  it('goes on where a run was left to the version that it would have made', async () => {
    for await (const { kind } of reinforceReplies(dramatis, { ...small, note: 'again' }))
      if (kind === 'step') break;
    const rest = await run({ resume: true });
    expect(of(rest, 'run')).toMatchObject([{ isResumed: true }]);
    expect(of(rest, 'start')).toMatchObject([{ from: 1 }]);
    const [{ version, before }] = of(rest, 'version') as [EventOf<'version'>];
    expect(version.id).toBe(whole.version.id);
    expect(before).toEqual(whole.before);
  });

  it('refuses to learn on a version that acts on its own turns alone, and what cannot be drawn', async () => {
    await expect(run({ on: whole.version.id })).rejects.toMatchObject({
      code: 'ADAPTER_MISMATCH',
      message: expect.stringMatching(/acts on its own turns alone/),
    });
    const usage = { code: 'USAGE' };
    await expect(run({ recipe: { ...small.recipe, sampler: 'chat' } })).rejects.toMatchObject(
      usage,
    );
    await expect(run({ recipe: { ...small.recipe, replies: 1 } })).rejects.toMatchObject(usage);
    await expect(run({ minutes: 0, note: 'short' })).rejects.toMatchObject({
      ...usage,
      message: '--minutes 0 were over before the first step',
    });
  });

  it('says that there is nothing to hold replies against where a character hardly speaks', async () => {
    const few =
      '# Few\n\n## ACT I\n\n### SCENE I.\n\n**ADA**\nWho is there?\n\n**BEN**\nNobody but me and the wind.\n';
    writeFileSync(file('few.md'), few);
    await expect(run({ character: 'Ben', play: file('few.md') })).rejects.toMatchObject({
      code: 'NO_ITEMS',
      message: expect.stringMatching(/BEN replies to \d speeches/),
    });
  });
});
