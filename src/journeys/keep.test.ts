import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { home } from '../testing/home.ts';
import { dramatis, folder, json, start } from './dramatis.ts';

/** The words said in all conversations kept under a home, oldest first. */
function kept(at: string): string {
  const folderOf = join(at, 'conversations');
  return readdirSync(folderOf, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => readFileSync(join(folderOf, name), 'utf8'))
    .join('');
}

describe('A conversation', () => {
  it('that is killed in mid-answer keeps every turn that was answered', async () => {
    await using at = await folder();
    for (const part of ['models', 'plays', 'cache', 'indices']) {
      await cp(join(home, part), join(at.path, part), { recursive: true, force: true }).catch(
        () => {},
      );
    }
    const args = [
      'chat',
      'hamlet',
      '--seed',
      '1',
      '--max-tokens',
      '12',
      '--gpu',
      'off',
      '--no-memory',
    ];
    const child = start(args, { env: { DRAMATIS_HOME: at.path } });
    child.stdin!.write('First question.\n');
    await once(child.stdout!, 'data');
    // The second is taken once the first is answered, and so kept.
    child.stdin!.write('Second question.\nThird question.\n');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(kept(at.path)).toContain('First question.');

    const env = { DRAMATIS_HOME: at.path };
    const lines = '/regen\n/alternatives\nAnd a last one.\n';
    const next = await dramatis([...args, '--continue'], { env, input: lines });
    expect(next.code).toBe(0);
    // The last exchange, then the answers to it.
    expect(next.err).toMatch(
      /Going on after [\s\S]*You: (First|Second|Third) question\.[\s\S]*\* \d /,
    );
    expect(kept(at.path)).toContain('First question.');
    expect(kept(at.path)).toContain('And a last one.');

    const found = await json<{ id: string; character: string }[]>(
      ['conversations', 'search', 'LAST', 'and'],
      { env },
    );
    expect(found).toMatchObject([{ character: 'HAMLET', found: [{ text: 'And a last one.' }] }]);
  });
});

describe('The machine', () => {
  it('is measured with the fields llama-bench prints', async () => {
    const rows = await json<Record<string, unknown>[]>([
      'bench',
      'speed',
      '--prompt',
      '32',
      '--generate',
      '8',
      '--repetitions',
      '2',
      '--gpu',
      'off',
    ]);
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(row).toMatchObject({
        build_commit: expect.any(String),
        cpu_info: expect.any(String),
        backends: expect.stringContaining('CPU'),
        model_filename: expect.stringContaining('gguf'),
        model_n_params: expect.any(Number),
        n_threads: expect.any(Number),
        avg_ns: expect.any(Number),
        avg_ts: expect.any(Number),
        stddev_ts: expect.any(Number),
      });
      expect(row.samples_ts).toHaveLength(2);
    }
    expect(rows.map(({ n_prompt, n_gen }) => [n_prompt, n_gen])).toEqual([
      [32, 0],
      [0, 8],
    ]);
  });

  it('is examined, and its back-ends are listed', async () => {
    const found = await json<Record<string, unknown>>(['doctor']);
    expect(found.devices).toContainEqual(expect.objectContaining({ kind: 'cpu' }));
    const modules = found.gpuModules as { name: string; state: string; reason: string }[];
    const known = process.platform === 'linux' && process.arch === 'x64';
    expect(modules.map(({ name }) => name)).toEqual(known ? ['CUDA 13', 'CUDA 12', 'Vulkan'] : []);
    const silent = modules.filter(({ state, reason }) => state !== 'registered' && reason === '');
    expect(silent).toEqual([]);
  });
});
