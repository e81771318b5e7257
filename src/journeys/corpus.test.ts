import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dramatis, folder } from './dramatis.ts';

describe('dramatis corpus', () => {
  it('prints messages, and says on stderr what they come to', async () => {
    const { code, out, err } = await dramatis(['corpus', 'ophelia']);
    expect(code).toBe(0);
    expect(err).toMatch(/^OPHELIA in Hamlet: \d+ rows, [\d,]+ words, 8\d\d of them learnt in 3\d/);
    for (const line of out.trim().split('\n')) {
      const { messages, source } = JSON.parse(line);
      expect(messages.at(-1).role).toBe('assistant');
      expect(source).toMatch(/^hamlet \d\.\d\.\d+/);
    }
  });

  it('writes rows that it takes again with --data, and refuses what is wrong with a line', async () => {
    await using at = await folder();
    const file = join(at.path, 'rows.jsonl');
    const made = await dramatis(['corpus', 'macbeth', '--kinds', 'own', '--json', '--out', file]);
    expect(made).toMatchObject({ code: 0, out: '' });
    const again = await dramatis(['corpus', 'macbeth', '--data', file]);
    expect(again.code).toBe(0);
    await writeFile(file, '\n{"instruction": "Who is there?", "output": "Nobody."}\n');
    const refused = await dramatis(['corpus', 'macbeth', '--data', file]);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain(`line 2 of ${file} has no place and no source`);
  });
});
