import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GateReport } from '../../registry/promotion-gate.ts';
import { Registry } from '../../registry/registry.ts';
import type { AdapterVersion } from '../../registry/version.ts';
import { writeTinyModel } from '../../testing/models/tiny-model.ts';
import { printings } from '../../testing/plays/ostrava.ts';
import type { TrainingEvent } from '../../train/training.ts';
import { runCommandLine } from '../command-line.ts';

const at = mkdtempSync(join(tmpdir(), 'dramatis-train-command-'));
const registry = (): Registry => new Registry(join(at, 'adapters'));
const file = (name: string): string => join(at, name);
const home = process.env.DRAMATIS_HOME;

beforeAll(async () => {
  process.env.DRAMATIS_HOME = at;
  await writeTinyModel(file('base.gguf'));
  writeFileSync(file('lantern.md'), printings.Markdown!);
  writeFileSync(file('quay.md'), quay());
});
afterAll(() => {
  vi.restoreAllMocks();
  if (home === undefined) delete process.env.DRAMATIS_HOME;
  else process.env.DRAMATIS_HOME = home;
  rmSync(at, { recursive: true });
});

/** A play with scenes for every part: three persons with a few words of their own each, and a long speech a scene. */
function quay(): string {
  let state = 7;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const word = (): string => pick([...'bdfglmnprstv']) + pick([...'aeiou']) + pick(['', 'n', 'r']);
  const vocabulary = (): string[] => Array.from({ length: 20 }, word);
  const common = vocabulary();
  const cast = ['MARVA', 'TOLLO', 'PAVEL'].map((name) => ({ name, own: vocabulary() }));
  const numerals = ['I', 'II', 'III', 'IV'];
  const scenes = numerals.flatMap((act) => [
    `## ACT ${act}`,
    ...numerals.flatMap((scene) => [
      ...[`### SCENE ${scene}. A quay.`, '_Enter MARVA, TOLLO, PAVEL_'],
      ...Array.from({ length: 14 }, (_, i) => {
        const { name, own } = cast[i % 3]!;
        const length = (i === 6 ? 56 : 8) + Math.floor(random() * 5);
        const said = Array.from({ length }, () => pick(random() < 0.6 ? own : common));
        return `**${name}**\nSo ${said.join(' ')}.`;
      }),
      '_Exeunt_',
    ]),
  ]);
  return ['# The Invented Quay', ...scenes].join('\n\n');
}

let out: string[] = [];
beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation((line) => out.push(String(line)));
  vi.spyOn(console, 'error').mockImplementation(() => {});
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
});

const of = (play: string) => [
  '--play',
  file(play),
  '--model',
  file('base.gguf'),
  '--form',
  'script',
];
const whose = of('lantern.md');
const small = ['--rank', '4', '--words', '80', '--batch', '256', '--no-memory', '--gpu', 'off'];

type Line =
  | TrainingEvent
  | { readonly kind: 'version'; readonly version: AdapterVersion }
  | { readonly kind: 'promotion'; readonly gate: GateReport; readonly isInUse: boolean };

/** The events of `dramatis train … --json`, and what it ended with if it failed. */
async function train(...args: string[]) {
  out = [];
  const play = args.includes('--play') ? [] : whose;
  const error = await runCommandLine(['train', ...args, ...play, ...small, '--json']).catch(
    (thrown: unknown) => thrown,
  );
  const lines = out.map((line) => JSON.parse(line) as Line);
  const version = lines.find((line) => line.kind === 'version')?.version;
  const curve = lines.flatMap((line) =>
    line.kind === 'step' && line.loss !== null ? [line.loss] : [],
  );
  return { lines, version, curve, error };
}

describe('dramatis train', () => {
  it("makes the play's adapter of everybody's rows in balance, and a character's on top that acts with it", async () => {
    const play = await train('--everyone', '--balance', '1', '--epochs', '4', '--lr', '0.01');
    expect(play.error).toBeUndefined();
    expect(play.version).toMatchObject({
      ...{ character: null, layer: 'play', rank: 4 },
      recipe: { rows: { everyone: true, balance: 1 } },
    });
    expect(play.curve.at(-1)!).toBeLessThan(play.curve[0]!);

    const kinds = ['--kinds', 'scene,contrast', '--contrast', '0.5'];
    const own = await train('marta', '--on', play.version!.id, ...kinds, '--epochs', '2');
    expect(own.error).toBeUndefined();
    expect(own.version).toMatchObject({
      ...{ character: 'MARTA', layer: 'character', on: play.version!.id },
      recipe: { rows: { kinds: ['scene', 'contrast'], contrast: 0.5 } },
    });
    // It goes on from what the play's adapter has learnt.
    expect(own.curve[0]!).toBeLessThan(play.curve[0]!);
    const opened = await registry().open(own.version!.id);
    expect(opened.on?.version.id).toBe(play.version!.id);

    await runCommandLine(['adapters', 'promote', own.version!.id, '--force', 'for a test']);
    out = [];
    const asked = ['--say', 'Who keeps the light?', '--max-tokens', '8', '--no-memory'];
    await runCommandLine(['chat', 'marta', ...whose, ...asked, '--gpu', 'off', '--json']);
    expect(JSON.parse(out.join(''))).toMatchObject({
      adapters: [
        { id: play.version!.id, scale: 1 },
        { id: own.version!.id, scale: 1 },
      ],
    });
  });

  it("goes on from a version with preferences, and tells own words from another's the better", async () => {
    const plain = await train('marta', '--epochs', '2', '--lr', '0.01');
    expect(plain.error).toBeUndefined();
    const preferring = ['--kinds', 'contrast', '--objective', 'preference', '--beta', '0.1'];
    const options = [...preferring, '--contrast', '1', '--epochs', '6', '--lr', '0.01'];
    const own = await train('marta', '--from', plain.version!.id, ...options);
    expect(own.error).toBeUndefined();
    expect(own.version).toMatchObject({
      parent: plain.version!.id,
      recipe: { objective: 'preference', beta: 0.1, rows: { kinds: ['contrast'] } },
    });
    expect(own.lines.some(({ kind }) => kind === 'reference')).toBe(true);
    expect(own.curve.at(-1)!).toBeLessThan(own.curve[0]!);

    const other = await train('bruno', '--from', plain.version!.id, ...options);
    expect(other.error).toMatchObject({ code: 'ADAPTER_MISMATCH' });
    const wider = await train('marta', '--from', plain.version!.id, '--matrices', 'attn_q');
    expect(wider.error).toMatchObject({ code: 'ADAPTER_MISMATCH' });
  });

  it('makes an adapter for own turns alone, which acts on them', async () => {
    const { version, curve, error } = await train(
      ...['marta', '--scope', 'turn', '--epochs', '6', '--lr', '0.02'],
    );
    expect(error).toBeUndefined();
    expect(version).toMatchObject({ scope: 'turn', recipe: { scope: 'turn' } });
    expect(curve.at(-1)!).toBeLessThan(curve[0]!);
    out = [];
    const asked = ['--say', 'Who keeps the light?', '--max-tokens', '8', '--no-memory'];
    const adapted = ['--adapter', version!.id, ...asked, '--gpu', 'off', '--json'];
    await runCommandLine(['chat', 'marta', ...whose, ...adapted]);
    expect(JSON.parse(out.join(''))).toMatchObject({ adapters: [{ id: version!.id, scale: 1 }] });
  });

  it('puts a version in use that the gate lets pass', async () => {
    const { lines, version, error } = await train(
      ...['marva', ...of('quay.md'), '--epochs', '3', '--lr', '0.01', '--context', '512'],
      '--promote',
    );
    expect(error).toBeUndefined();
    expect(lines.at(-1)).toMatchObject({
      kind: 'promotion',
      isInUse: true,
      gate: { passes: true },
    });
    const inUse = (await registry().promotions()).map(({ stack }) => stack.at(-1));
    expect(inUse).toContain(version!.id);
    const figures = await registry().metrics(version!);
    expect(Object.keys(figures).sort()).toEqual(
      ['bits gain', 'keep change', 'recited', 'voice AUC'].sort(),
    );
  });

  it('measures what the gate wants and says which check keeps a version out of use', async () => {
    const { lines, version, error } = await train('bruno', '--epochs', '1', '--promote');
    const told = lines.at(-1);
    if (told?.kind !== 'promotion') throw error;
    const { gate } = told;
    expect(gate.checks.find(({ name }) => name === 'origin')).toMatchObject({ passes: true });
    // The play is too short to have scenes for dev: nothing is made up.
    expect(gate.checks.find(({ name }) => name === 'bits')!.says).toBe(
      '"bits gain" was not measured',
    );
    expect(told.isInUse).toBe(false);
    expect(error).toMatchObject({
      code: 'GATE_REFUSED',
      message: expect.stringMatching(
        new RegExp(`^${version!.id} does not pass: bits: "bits gain"`),
      ),
    });
    const inUse = (await registry().promotions()).flatMap(({ stack }) => stack);
    expect(inUse).not.toContain(version!.id);
  });
});
