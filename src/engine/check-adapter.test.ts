import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readHeader } from '../gguf/read-header.ts';
import { writeTinyAdapter, writeTinyModel } from '../testing/models/tiny-model.ts';
import { checkAdapter } from './check-adapter.ts';

describe('checkAdapter', () => {
  it('refuses an alpha that no adapter has before the first token fails over it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dramatis-alpha-'));
    const file = (name: string): string => join(folder, name);
    await writeTinyModel(file('base.gguf'));
    const base = await readHeader(file('base.gguf'));
    await writeTinyAdapter(file('usual.gguf'), { rank: 4, alpha: 64 });
    expect(await checkAdapter(file('usual.gguf'), base, 64)).toMatchObject({ rank: 4, alpha: 64 });
    await writeTinyAdapter(file('huge.gguf'), { rank: 4, alpha: 3e38 });
    await expect(checkAdapter(file('huge.gguf'), base, 64)).rejects.toMatchObject({
      code: 'ADAPTER_MISMATCH',
      message: expect.stringMatching(/huge\.gguf: its alpha is 3.*e\+38 for rank 4/),
    });
  });
});
