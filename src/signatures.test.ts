import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../.ci/signatures.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'dramatis-signatures-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the check says where npm answers so. */
function checked(answer: string, { error = '', code = 0 } = {}): string {
  const npm = join(folder, 'npm');
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  writeFileSync(
    npm,
    `#!/bin/sh\nprintf %s ${quoted(answer)}\nprintf %s ${quoted(error)} >&2\nexit ${code}\n`,
  );
  chmodSync(npm, 0o755);
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
  return execFileSync(process.execPath, [script], { encoding: 'utf8', env }).trim();
}

describe.skipIf(process.platform === 'win32')('npm run signatures', () => {
  it('says why nothing could be checked: the reason npm gives, or how it ended', () => {
    const summary = 'request to https://keys.example/root.json failed';
    const found = checked(JSON.stringify({ error: { code: 'ENOTFOUND', summary } }), { code: 1 });
    expect(found).toBe(`nothing was checked: ${summary}`);
    expect(checked('', { error: 'npm error code E405\nnpm error more', code: 1 })).toBe(
      'nothing was checked: code E405',
    );
    expect(checked('', { code: 1 })).toBe('nothing was checked: npm ended with 1 and said nothing');
  });

  it('says that none is wrong only where they were checked', () => {
    const missing = [{ name: 'a' }];
    expect(checked(JSON.stringify({ invalid: [], missing }))).toBe(
      'no signature is wrong; 1 packages have none',
    );
  });

  it('fails with the packages whose signature does not fit', () => {
    const invalid = [{ name: 'a', version: '1.0.0', code: 'EINTEGRITYSIGNATURE' }];
    const one = () => checked(JSON.stringify({ invalid, missing: [] }), { code: 1 });
    expect(one).toThrow();
  });
});
