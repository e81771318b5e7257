import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../command-line.ts';

describe('dramatis bench', () => {
  it.each([
    [['speeed', '--offline'], 'there is no bench "speeed"'],
    [['context', '--contexts', '0'], '--contexts'],
    [['batch', '--batches', '2,many'], '--batches'],
    [['report'], 'needs one file'],
  ])('refuses %j', async (args, what) => {
    await expect(runCommandLine(['bench', ...args])).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(what),
    });
  });

  it('names a file that is not there before anything is measured', async () => {
    await expect(
      runCommandLine(['bench', 'batch', '--against', '/nowhere/old.json']),
    ).rejects.toMatchObject({ code: 'FILE_MISSING' });
  });
});
