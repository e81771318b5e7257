import { existsSync } from 'node:fs';
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SceneResults } from '../eval/scenes/scene-results.ts';
import { openPlay } from '../hub/plays.ts';
import { prng, seedOf, shuffled } from '../measure/statistics/prng.ts';
import { sceneTurns } from '../play/scene-turns.ts';
import { home } from '../testing/home.ts';
import { dramatis, folder } from './dramatis.ts';

describe('Scenes of four', () => {
  it('are played and measured, kept where the run is cut, and each is checked like any scene', async () => {
    await using at = await folder();
    for (const part of ['models', 'plays', 'cache', 'indices'])
      if (existsSync(join(home, part))) await symlink(join(home, part), join(at.path, part));
    const env = { DRAMATIS_HOME: at.path };
    const file = join(at.path, 'scenes.json');
    const args = ['eval', 'quartet', '--run', '--limit', '1', '--seeds', '1', '--turns', '4'];
    const run = (...more: string[]) => dramatis([...args, '--gpu', 'off', ...more], { env });

    const cut = await run('--seconds', '1');
    expect(cut.err).toContain('2 of quartet are left: the same goes on');
    const whole = await run('--json', file);
    expect(whole.code, whole.err).toBe(0);
    expect(whole.err).toContain('of quartet 1 are there already');
    expect(whole.out).toMatch(/^turn-model: 1 scene: 1 ended by turns$/m);
    expect(whole.out).toMatch(/^cue gain +\S+ +\S+$/m);

    const { tasks } = JSON.parse(await readFile(file, 'utf8')) as SceneResults;
    const [{ arms, originals, anchors }] = tasks as [(typeof tasks)[0]];
    expect(arms.map(({ arm, scenes }) => [arm, scenes])).toEqual([['turn-model', 1]]);
    expect(originals.map(({ arm }) => arm)).toEqual(['original', 'shuffled', 'swapped speakers']);
    expect(anchors.map(({ measure }) => measure)).toContain('voice');
    const { scripts } = arms[0]!;
    expect(scripts?.map(({ which, turns }) => [which, turns.length])).toEqual([['1', 4]]);
    expect(originals[0]!.scripts![0]!.turns.every(({ words }) => words > 0)).toBe(true);
    const figures = arms[0]!.figures.map(({ measure }) => measure);
    expect(figures).toEqual(expect.arrayContaining(['ABA', 'voice', 'consistency', 'reused']));

    const scenes = (await readdir(join(at.path, 'runs', 'scenes'), { recursive: true })).filter(
      (name) => name.endsWith('.stage.jsonl'),
    );
    expect(scenes).toHaveLength(1);
    const path = join(at.path, 'runs', 'scenes', scenes[0]!);
    const derived = await dramatis(['stage', 'replay', path, '--check', 'derive'], { env });
    expect(derived.out).toContain('All of them are as they were written down.');
    expect(derived.out).not.toContain('alarms of turns that mean the same');
  });
});

describe('Cue gain', () => {
  it('is higher for a scene as it is printed than for its turns in another order', async () => {
    await using at = await folder();
    const { play } = await openPlay('hamlet', { env: { DRAMATIS_HOME: home } });
    const { turns } = sceneTurns(play).find(({ scene }) => scene === '3.4')!;
    const lines = turns
      .slice(0, 16)
      .map(({ speaker, text }) => `${JSON.stringify({ speaker, text })}\n`);
    const gainOf = async (name: string, said: readonly string[]): Promise<number> => {
      const [file, results] = [join(at.path, `${name}.jsonl`), join(at.path, `${name}.json`)];
      await writeFile(file, said.join(''));
      const args = ['eval', 'quartet', '--play', 'hamlet', '--transcript', file];
      const model = ['--model', 'smollm2-135m', '--gpu', 'off', '--json', results];
      const { code, err } = await dramatis([...args, ...model]);
      expect(code, err).toBe(0);
      const found = JSON.parse(await readFile(results, 'utf8')) as {
        readonly cueGain: { readonly value: number };
        readonly meaning: Readonly<Record<string, number>>;
      };
      expect(Object.keys(found.meaning)).toEqual(['consistency', 'progression', 'step']);
      return found.cueGain.value;
    };
    const printed = await gainOf('printed', lines);
    const mixed = await gainOf('mixed', shuffled(lines, prng(seedOf('shuffled', '3.4'))));
    expect(printed).toBeGreaterThan(0);
    expect(printed - mixed).toBeGreaterThan(0.02);
  });
});
