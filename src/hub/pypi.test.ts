import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { fetchWheel } from './pypi.ts';
import { encodeWheel } from './zip.test.support.ts';

const hasPip = spawnSync('python3', ['-m', 'pip', '--version']).status === 0;

let work = '';
let bin = '';
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'dramatis-pypi-'));
  work = join(folder, 'work');
  bin = mkdtempSync(join(folder, 'bin-'));
});

/** Puts a program into the only folder of the PATH. */
function program(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!${process.execPath}\n${script}`);
  chmodSync(join(bin, name), 0o755);
}
const alone = () => ({ env: { PATH: bin } });

describe('fetchWheel', () => {
  it.skipIf(!hasPip)(
    'fetches a wheel with the real pip, from a folder',
    async () => {
      const wheel = encodeWheel('invented-play', '1.2.0', [{ name: 'play.md', content: '# Play' }]);
      const index = mkdtempSync(join(tmpdir(), 'dramatis-index-'));
      writeFileSync(join(index, wheel.name), wheel.bytes);
      const env = { ...process.env, PIP_NO_INDEX: '1', PIP_FIND_LINKS: index };
      const path = await fetchWheel('invented-play==1.2.0', work, { env });
      expect(readFileSync(path).equals(wheel.bytes)).toBe(true);
      await expect(fetchWheel('invented-play==9.9', work, { env })).rejects.toMatchObject({
        code: 'FETCH_FAILED',
        message: expect.stringMatching(/^pip cannot fetch invented-play==9\.9: .+/),
      });
    },
    60_000,
  );

  it('asks for one wheel only, and for nothing to be built, kept or asked', async () => {
    program(
      'python3',
      `
      const { mkdirSync, writeFileSync } = require('node:fs');
      const args = process.argv.slice(2);
      const out = args[args.indexOf('--dest') + 1];
      mkdirSync(out);
      writeFileSync(out + '/a-1-py3-none-any.whl', args.join(' '));`,
    );
    const words = readFileSync(await fetchWheel('a==1', work, alone()), 'utf8').split(' ');
    expect(words.slice(0, 3)).toEqual(['-m', 'pip', 'download']);
    expect(words).toEqual(
      expect.arrayContaining(['--no-deps', '--only-binary', '--no-input', 'a==1']),
    );
  });

  it('goes on to another Python when the first has no pip', async () => {
    program('python3', 'console.error("No module named pip"); process.exit(1)');
    program(
      'pip',
      `
      const { mkdirSync, writeFileSync } = require('node:fs');
      const out = process.argv[process.argv.indexOf('--dest') + 1];
      mkdirSync(out);
      writeFileSync(out + '/a-1-py3-none-any.whl', 'by pip');`,
    );
    expect(readFileSync(await fetchWheel('a==1', work, alone()), 'utf8')).toBe('by pip');
  });

  it('says so when there is no Python', async () => {
    await expect(fetchWheel('a==1', work, alone())).rejects.toMatchObject({
      code: 'FETCH_FAILED',
      message: expect.stringMatching(/no Python with pip was found; tried python3 -m pip,/),
    });
  });

  it("repeats pip's last error, on one line", async () => {
    program(
      'python3',
      'console.error("noise\\nERROR: no such thing\\nmore noise"); process.exit(1)',
    );
    await expect(fetchWheel('a==1', work, alone())).rejects.toThrow(
      'pip cannot fetch a==1: no such thing',
    );
  });

  it('says that there is no connection, which pip tells before its last error', async () => {
    program(
      'python3',
      'console.error("WARNING: Retrying: Failed to establish a new connection\\nERROR: No matching distribution"); process.exit(1)',
    );
    await expect(fetchWheel('a==1', work, alone())).rejects.toThrow(
      'pip cannot fetch a==1: it reaches no package index',
    );
  });

  it('ends pip when aborted', async () => {
    program('python3', 'setTimeout(() => {}, 60_000)');
    const reason = new Error('enough');
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 200);
    const fetching = fetchWheel('a==1', work, { ...alone(), signal: controller.signal });
    await expect(fetching).rejects.toBe(reason);
    expect(readdirSync(join(work, readdirSync(work)[0]!))).toEqual([]);
  });

  it.each(['--index-url=http://evil', 'a', 'a==1 --pre', 'a>=1', '../a==1'])(
    'takes "%s" for no requirement',
    async (requirement) => {
      await expect(fetchWheel(requirement, work)).rejects.toThrow(RangeError);
    },
  );
});
