import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compileAddon } from './compile-addon.ts';

const folder = mkdtempSync(join(tmpdir(), 'dramatis-compile-addon-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What compiling gives with a script in place of native/build.mjs. */
async function compile(script: string, signal?: AbortSignal) {
  const source = mkdtempSync(join(folder, 'source-'));
  mkdirSync(join(source, 'native'));
  writeFileSync(join(source, 'native', 'build.mjs'), script);
  const running = compileAddon(signal, { source, into: join(folder, 'own'), version: '1.2.3' });
  const lines: string[] = [];
  for (;;) {
    const { done, value } = await running.next();
    if (done) return { lines, path: value };
    lines.push(value);
  }
}

describe('compileAddon', () => {
  it('tells what the build says, and where the addon lies then', async () => {
    const { lines, path } = await compile(
      'console.error("into " + process.env.DRAMATIS_BUILD_OUT); console.log("noise");',
    );
    expect(lines).toEqual([`into ${join(folder, 'own')}`]);
    expect(path).toBe(join(folder, 'own', 'Release', 'dramatis.node'));
  });

  it('fails with the last words of a build that fails', async () => {
    const failing = compile('console.error(\'"cmake" was not found\'); process.exit(1);');
    await expect(failing).rejects.toMatchObject({
      code: 'BUILD_FAILED',
      message: 'the engine was not compiled: "cmake" was not found',
    });
  });

  it('says which package has the source where that is not installed', async () => {
    const missing = { source: undefined, into: folder, version: '1.2.3' };
    await expect(compileAddon(undefined, missing).next()).rejects.toMatchObject({
      code: 'BUILD_FAILED',
      remedy: expect.stringContaining('npm install @dramatis/source@1.2.3'),
    });
  });

  it('ends the build when it is aborted', async () => {
    const abort = new AbortController();
    const endless = compile('setInterval(() => {}, 1000); console.error("begun");', abort.signal);
    setTimeout(() => abort.abort(new Error('enough')), 300);
    await expect(endless).rejects.toThrow('enough');
  });
});
