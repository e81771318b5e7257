import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { addonFolder } from './native.ts';

const base = 'libggml-base.so';
const folder = mkdtempSync(join(tmpdir(), 'dramatis-ggml-version-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Version of ggml that the addon's own library tells, in a process that has loaded nothing else. */
const script = (path: string): string => `
  const addon = require(${JSON.stringify(path)});
  try { addon.load(${JSON.stringify(folder)}, []); console.log('loaded'); }
  catch (error) { console.log(error.code + ': ' + error.message); }`;

// Where ggml is compiled in there is no other to be found.
describe.runIf(existsSync(join(addonFolder(), base)))('The addon', () => {
  it('refuses the ggml of another version before it is used', () => {
    copyFileSync(join(addonFolder(), 'dramatis.node'), join(folder, 'dramatis.node'));
    const bytes = readFileSync(join(addonFolder(), base));
    const [own] = /\b0\.\d+\.\d+(?=\0)/.exec(bytes.toString('latin1'))!;
    const other = own!.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
    bytes.write(other, bytes.indexOf(`${own}\0`), 'latin1');
    writeFileSync(join(folder, base), bytes);
    const said = execFileSync(process.execPath, ['-e', script(join(folder, 'dramatis.node'))], {
      encoding: 'utf8',
    });
    expect(said).toContain(
      `NATIVE_MISSING: the engine is made for ggml ${own} and found ggml ${other}`,
    );
  });
});
