import { describe, expect, it } from 'vitest';
import yargs from 'yargs';
import { modelOptions, samplingFrom, samplingOptions } from './model-options.ts';

const read = async (...args: string[]) =>
  samplingOptions(modelOptions(yargs(args)))
    .strict()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Error(message);
    })
    .parseAsync();

describe('the options of a command that runs a model', () => {
  it('default to what an actor does', async () => {
    const given = await read();
    expect(samplingFrom(given)).toEqual({});
    expect(given).toMatchObject({ threads: 'auto', gpu: 'auto', adapterScale: 1, offline: false });
    expect(given.seed).toBeUndefined();
  });

  it('are read as numbers', async () => {
    const given = await read('--seed', '7', '--threads', '2', '--gpu', '12', '--temperature', '0');
    expect(given).toMatchObject({ seed: 7, threads: 2, gpu: 12, temperature: 0 });
    expect((await read('--gpu', 'off')).gpu).toBe('off');
    const drawn = await read('--min-p', '0.1', '--dry', '0', '--repeat-penalty', '1');
    expect(samplingFrom(drawn)).toEqual({ minP: 0.1, dryMultiplier: 0, repeatPenalty: 1 });
  });

  it('refuse what is no number, out of range or not whole, with what is wanted', async () => {
    await expect(read('--seed', 'x')).rejects.toThrow('--seed is "x"; a number from 0 to');
    await expect(read('--seed', '1.5')).rejects.toThrow('a whole number is wanted');
    await expect(read('--top-p', '2')).rejects.toThrow('from 0 to 1');
    await expect(read('--temperature', '')).rejects.toThrow('a number from 0 to 10');
    await expect(read('--threads', 'many')).rejects.toThrow('"auto"');
    await expect(read('--min-p', 'NaN')).rejects.toThrow('--min-p is "NaN"');
  });
});
