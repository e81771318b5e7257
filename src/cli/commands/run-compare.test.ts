import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCompare } from './run-compare.ts';

const at = mkdtempSync(join(tmpdir(), 'dramatis-compare-'));
afterAll(() => rmSync(at, { recursive: true }));

/** Results of nothing, on a machine. */
function results(name: string, cpu: string, backends: string): string {
  const path = join(at, name);
  const machine = { cpu, backends, cores: 1, threads: '1' };
  const play = { id: 'lantern', title: 'Lantern', sha256: 'aa' };
  const head = { format: 'dramatis-bench', formatVersion: 1, split: 'holdout', splitSha256: 'bb' };
  writeFileSync(path, JSON.stringify({ ...head, play, machine, tasks: [] }));
  writeFileSync(`${path}.rows.jsonl`, '');
  return path;
}

describe('eval compare', () => {
  const xeon = results('xeon.json', 'Xeon', 'cpu-x64');
  const other = results('epyc.json', 'EPYC', 'cpu-x64');
  const far = results('far.json', 'EPYC', 'endpoint');
  const compare = (b: string, acrossMachines = false) =>
    runCompare({ a: xeon, b, json: true, acrossMachines });

  it('refuses runs of two kinds of machine, unless that is allowed', async () => {
    const refused = /of two kinds of machine: Xeon, cpu-x64; EPYC, cpu-x64/;
    await expect(compare(other)).rejects.toThrow(refused);
    // What follows is about the items, of which there are none.
    await expect(compare(other, true)).rejects.not.toThrow(refused);
    await expect(compare(far)).rejects.not.toThrow(refused);
  });
});
