import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeLora, encodeLora } from '../gguf/lora-gguf.ts';
import { templateVersion } from '../prompt/prompt.ts';
import { provenanceKeys } from '../registry/screen.ts';
import type { AdapterVersion, VersionDetails } from '../registry/version.ts';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import { Dramatis } from './dramatis.ts';
import { openBase } from './open-base.ts';
import { type ReinforceEvent, reinforceChoice } from './reinforce-choice.ts';
import { runCanon } from './run-canon.ts';
import { readCurve } from './runs/learning-curve.ts';
import type { ReinforceOptions } from './runs/prepare-choice.ts';

const at = mkdtempSync(join(tmpdir(), 'dramatis-reinforce-'));
const file = (name: string): string => join(at, name);
let dramatis: Dramatis;

/** An invented play of four scenes in which Bea comes and goes and Cid comes late. */
function gatehouse(title: string): string {
  const scene = (i: number) => [
    `### SCENE ${['I', 'II', 'III', 'IV'][i]}. A gatehouse.`,
    '_Enter ADA and BEA_',
    `**ADA**\nWho left the ${['lamp', 'rope', 'salt', 'bell'][i]} by the door?`,
    '**BEA**\nNot I.',
    '_Exit BEA_',
    '**ADA**\nThen nobody did.',
    '_Enter CID_',
    '**CID**\nIt was the wind.',
    '**ADA**\nIt has been busy.',
    '_Enter BEA_',
    '**BEA**\nAnd it comes again.',
    '_Exeunt_',
  ];
  return [`# ${title}`, '## ACT I', ...[0, 1, 2, 3].flatMap(scene)].join('\n\n');
}

beforeAll(async () => {
  await writeTinyModel(file('base.gguf'), { context: 2048 });
  writeFileSync(file('gatehouse.md'), gatehouse('The Gatehouse'));
  writeFileSync(file('causeway.md'), gatehouse('The Causeway').replaceAll('door', 'ford'));
  writeFileSync(file('copy.md'), gatehouse('The Tragedy of Hamlet'));
  dramatis = await Dramatis.open({
    hub: { offline: true, env: { DRAMATIS_HOME: at } },
    compute: { gpu: 'off' },
  });
});
afterAll(() => {
  dramatis[Symbol.dispose]();
  rmSync(at, { recursive: true });
});

const small: ReinforceOptions = {
  tasks: ['stage'],
  plays: [file('gatehouse.md'), file('causeway.md')],
  model: file('base.gguf'),
  recipe: { form: 'script', steps: 6, looksEvery: 3, rank: 4, rate: 0.01, warmUpSteps: 0 },
  precision: 'f32',
};

async function run(more: Partial<ReinforceOptions> = {}): Promise<ReinforceEvent[]> {
  const events: ReinforceEvent[] = [];
  for await (const event of reinforceChoice(dramatis, { ...small, ...more })) events.push(event);
  return events;
}

type EventOf<Kind extends ReinforceEvent['kind']> = Extract<ReinforceEvent, { kind: Kind }>;
const of = <Kind extends ReinforceEvent['kind']>(
  events: readonly ReinforceEvent[],
  kind: Kind,
): EventOf<Kind>[] => events.filter((event): event is EventOf<Kind> => event.kind === kind);

/** What a version was registered with. */
function detailsOf({ id, sha256, norms, date, bytes, rank, alpha, ...details }: AdapterVersion) {
  return details satisfies VersionDetails;
}

describe('reinforceChoice', () => {
  it('learns on whole plays, and ends with a version of the kind "reinforced" that says from what', async () => {
    const events = await run({
      ...{ out: file('out.gguf'), curve: file('out.curve.json'), note: 'a try' },
    });
    const [items] = of(events, 'items');
    expect(items!.tasks).toEqual(['stage']);
    expect(items!.questions).toBeGreaterThan(items!.shadow);
    expect(items!.shadow).toBeGreaterThan(0);
    expect(of(events, 'step').map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    const [{ version, before, after }] = of(events, 'version') as [EventOf<'version'>];
    expect(version).toMatchObject({
      kind: 'reinforced',
      plays: ['gatehouse', 'causeway'],
      character: null,
      layer: 'play',
      rank: 4,
      note: 'a try',
      recipe: { tasks: ['stage 1'], heldOutFold: 0, steps: 6, control: 'none' },
    });
    expect(version.parent).toBeUndefined();
    expect(before!.step).toBe(0);
    expect(before!.drift).toBeCloseTo(0, 4);
    expect(after!.step).toBeGreaterThan(0);
    expect((await dramatis.registry().open(version.id)).version.sha256).toBe(version.sha256);
    expect(readFileSync(file('out.gguf')).length).toBe(version.bytes);
    const curve = await readCurve(file('out.curve.json'));
    expect(curve).toMatchObject({ measure: 'reward', asked: items!.looked, kept: after!.step });
    expect(curve.learned.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(curve.heldOut[0]).toEqual({ step: 0, value: before!.reward });
  });

  it('learns on top of a version, its parent, and is active together with it', async () => {
    const [{ version: below }] = of(await run(), 'version') as [EventOf<'version'>];
    const [{ version }] = of(await run({ on: below.id }), 'version') as [EventOf<'version'>];
    expect(version).toMatchObject({ kind: 'reinforced', on: below.id, parent: below.id });
    const [{ version: third }] = of(await run({ on: version.id }), 'version') as [
      EventOf<'version'>,
    ];
    const opened = await dramatis.registry().open(third.id);
    expect([opened.on?.version.id, opened.on?.on?.version.id]).toEqual([version.id, below.id]);
    // Whoever asks about a play whole is told that it was learned from, also by a version beneath.
    const asked = runCanon(dramatis, {
      tasks: ['stage'],
      plays: [file('gatehouse.md')],
      split: 'all',
      form: 'script',
      model: file('base.gguf'),
      adapter: third.id,
    });
    await expect(asked.next()).rejects.toMatchObject({
      code: 'ADAPTER_MISMATCH',
      message: expect.stringMatching(/was trained on gatehouse/),
    });
  });

  it('goes on where a run was left to the version that it would have made', async () => {
    const [{ version: whole }] = of(await run(), 'version') as [EventOf<'version'>];
    for await (const { kind } of reinforceChoice(dramatis, { ...small, note: 'again' }))
      if (kind === 'step') break;
    const rest = await run({ resume: true });
    expect(of(rest, 'run')).toMatchObject([{ isResumed: true }]);
    expect(of(rest, 'start')).toMatchObject([{ from: 1 }]);
    const [{ version, before }] = of(rest, 'version') as [EventOf<'version'>];
    expect(version.id).toBe(whole.id);
    expect(before).toMatchObject({ step: 0 });
  });

  it('registers nothing where its minutes are over before the first step', async () => {
    const before = (await dramatis.registry().list()).versions.length;
    await expect(run({ minutes: 0, note: 'too short' })).rejects.toMatchObject({
      code: 'USAGE',
      message: '--minutes 0 were over before the first step',
    });
    expect((await dramatis.registry().list()).versions).toHaveLength(before);
  });

  it('refuses a held-out play by name, also as a file, and a task that cannot be learned', async () => {
    const usage = (message: RegExp) => ({
      code: 'USAGE',
      message: expect.stringMatching(message),
    });
    await expect(run({ plays: ['macbeth', 'hamlet'] })).rejects.toMatchObject(
      usage(/"hamlet", which fold 0 holds out/),
    );
    await expect(run({ plays: [file('copy.md')] })).rejects.toMatchObject(
      usage(/copy is hamlet by its title/),
    );
    await expect(run({ tasks: ['metre'] })).rejects.toMatchObject(usage(/"metre" cannot/));
    await expect(run({ recipe: { form: 'chat' }, tasks: [] })).rejects.toMatchObject(
      usage(/no task/),
    );
  });

  it('refuses to learn on a version of another prompt or form, or one that has seen a held-out play', async () => {
    const [{ version }] = of(await run(), 'version') as [EventOf<'version'>];
    const registry = dramatis.registry();
    const { path } = await registry.open(version.id);
    const lora = decodeLora(await readFile(path), path);
    const base = await openBase(dramatis, file('base.gguf'));
    const changed = async (scale: number, change: Partial<VersionDetails>) => {
      const told = { ...detailsOf(version), ...change };
      const provenance = {
        ...lora.provenance,
        [provenanceKeys.templateVersion]: told.templateVersion,
        [provenanceKeys.form]: told.form,
      };
      const matrices = lora.matrices.map((one) => ({ ...one, a: one.a.map((v) => v * scale) }));
      return registry.add(await encodeLora({ ...lora, matrices, provenance }), told, base);
    };
    const mismatch = (message: RegExp) => ({
      code: 'ADAPTER_MISMATCH',
      message: expect.stringMatching(message),
    });
    const other = await changed(2, { templateVersion: templateVersion + 900 });
    await expect(run({ on: other.id })).rejects.toMatchObject(
      mismatch(/trained with version 9\d\d of the prompt/),
    );
    const chat = await changed(3, { form: 'chat' });
    await expect(run({ on: chat.id })).rejects.toMatchObject(mismatch(/in the form chat/));
    const seen = await changed(4, { plays: ['macbeth', 'hamlet'] });
    await expect(run({ on: seen.id })).rejects.toMatchObject(
      mismatch(/was trained on hamlet, which fold 0/),
    );
  });

  it('says that there is nothing to learn where nobody comes or goes', async () => {
    writeFileSync(file('still.md'), '# Still\n\n## ACT I\n\n### SCENE I.\n\n**ADA**\nSo.\n');
    await expect(run({ plays: [file('still.md')] })).rejects.toMatchObject({
      code: 'NO_ITEMS',
      message: expect.stringMatching(/0 questions to learn and 0 to stop by in still/),
    });
  });
});
