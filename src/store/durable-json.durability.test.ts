import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emitStore, startChild } from './crash.test.support.ts';
import { DurableJson } from './durable-json.ts';

interface State {
  names: string[];
}

describe('DurableJson', () => {
  it('loses no update of four processes', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'dramatis-json-')), 'state.json');
    const options = { format: 'dramatis-test', version: 1 };
    const code = await emitStore();
    const children = ['a', 'b', 'c', 'd'].map((name) =>
      startChild(
        code,
        `import { DurableJson } from './store/durable-json.js';
         const json = new DurableJson(${JSON.stringify(path)}, ${JSON.stringify(options)});
         for (let i = 0; i < 50; i++) await json.update({ names: [] }, ({ names }) => names.push('${name}' + i), { timeoutMs: 60_000 });`,
      ),
    );
    for (const { ended } of children) expect(await ended).toMatchObject({ code: 0, stderr: '' });
    expect(new Set((await new DurableJson<State>(path, options).read())?.names).size).toBe(200);
    expect(existsSync(`${path}.lock`)).toBe(false);
    rmSync(code, { recursive: true });
  });
});
