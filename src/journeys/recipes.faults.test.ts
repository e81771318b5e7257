import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PretendSweep } from '../testing/pretend-sweep.ts';

const recipe = (name: string): string =>
  fileURLToPath(new URL(`../../data/recipes/${name}`, import.meta.url));
const has = (tool: string): boolean => {
  const isThere = spawnSync(tool, ['--version'], { stdio: 'ignore' }).status === 0;
  if (!isThere) console.log(`skipped: there is no ${tool} here to run its recipe with`);
  return isThere;
};

let pretend: PretendSweep;
beforeEach(() => {
  pretend = new PretendSweep();
});
afterEach(() => pretend[Symbol.dispose]());

/** A command in place of ours, which marks a task as done, and says what it was called with. */
function program(): string {
  return `${process.execPath} ${fileURLToPath(new URL('../testing/pretend-tasks.mjs', import.meta.url))}`;
}
/** Every task once, each after what it needs, then the table. */
function expectAllDone(
  tasks: readonly { readonly id: string; readonly after: readonly string[] }[],
) {
  const calls = pretend.calls();
  expect(calls.at(-1)).toBe('gather');
  expect(calls.slice(0, -1).sort()).toEqual(tasks.map(({ id }) => id).sort());
  for (const { id, after } of tasks)
    for (const before of after) expect(calls.indexOf(before)).toBeLessThan(calls.indexOf(id));
  expect(readdirSync(pretend.file('study', 'done'))).toHaveLength(tasks.length);
}

describe('A recipe', () => {
  it.skipIf(!has('snakemake'))('runs a sweep under Snakemake', async () => {
    const { manifest } = await pretend.plan();
    const ran = spawnSync(
      'snakemake',
      [
        ...['--snakefile', recipe('Snakefile'), '--cores', '2', '--directory', pretend.path],
        ...['--config', 'sweep=study', `dramatis=${program()}`],
      ],
      { encoding: 'utf8' },
    );
    expect(ran.status, ran.stderr).toBe(0);
    expectAllDone(manifest.tasks);
  });

  it.skipIf(!has('nextflow'))('runs a sweep under Nextflow', async () => {
    const { manifest } = await pretend.plan();
    const words = ['--sweep', pretend.file('study'), '--dramatis', program()];
    const ran = spawnSync('nextflow', ['run', recipe('sweep.nf'), ...words], {
      encoding: 'utf8',
      cwd: pretend.path,
    });
    expect(ran.status, ran.stdout).toBe(0);
    expectAllDone(manifest.tasks);
  });

  it.skipIf(!has('apptainer'))('is built into an image by Apptainer', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dramatis-apptainer-'));
    const image = join(folder, 'dramatis.sif');
    const built = spawnSync('apptainer', ['build', image, recipe('Apptainer.def')], {
      encoding: 'utf8',
    });
    if (built.status !== 0)
      console.log(`not built, without a registry or its rights: ${built.stderr}`);
    else expect(existsSync(image)).toBe(true);
    rmSync(folder, { recursive: true, force: true });
  });
});
