import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeTinyModel } from '../gguf/tiny-model.ts';
import { printings } from '../play/invented-play.test.texts.ts';
import type { GateReport } from '../registry/gate.ts';
import type { AdapterVersion } from '../registry/version.ts';
import type { TrainingEvent } from '../train/training.ts';
import { runCommandLine } from './command-line.ts';
import { openRegistry } from './run-adapters.ts';

const at = mkdtempSync(join(tmpdir(), 'dramatis-train-command-'));
const file = (name: string): string => join(at, name);
const home = process.env.DRAMATIS_HOME;

beforeAll(async () => {
  process.env.DRAMATIS_HOME = at;
  await writeTinyModel(file('base.gguf'));
  writeFileSync(file('lantern.md'), printings.Markdown!);
});
afterAll(() => {
  vi.restoreAllMocks();
  if (home === undefined) delete process.env.DRAMATIS_HOME;
  else process.env.DRAMATIS_HOME = home;
  rmSync(at, { recursive: true });
});

let out: string[] = [];
beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation((line) => out.push(String(line)));
  vi.spyOn(console, 'error').mockImplementation(() => {});
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
});

const whose = ['--play', file('lantern.md'), '--model', file('base.gguf'), '--form', 'script'];
const small = ['--rank', '4', '--words', '80', '--batch', '256', '--no-memory', '--gpu', 'off'];

type Line =
  | TrainingEvent
  | { readonly kind: 'version'; readonly version: AdapterVersion }
  | { readonly kind: 'promotion'; readonly gate: GateReport; readonly isInUse: boolean };

/** The events of `dramatis train … --json`, and what it ended with if it failed. */
async function train(...args: string[]) {
  out = [];
  const error = await runCommandLine(['train', ...args, ...whose, ...small, '--json']).catch(
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
  it("makes the play's adapter of everybody's rows in balance, and a character's on top that is worn with it", async () => {
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
    const opened = await openRegistry().open(own.version!.id);
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
    const inUse = (await openRegistry().promotions()).flatMap(({ stack }) => stack);
    expect(inUse).not.toContain(version!.id);
  });
});
