import { describe, expect, it } from 'vitest';
import { resultOf } from '../../testing/result-of.ts';
import { mapped } from './mapped.ts';

describe('mapped', () => {
  async function* counted(log: string[]): AsyncGenerator<number, string> {
    try {
      yield 1;
      yield 2;
      return 'end';
    } finally {
      log.push('closed');
    }
  }

  it('yields what is made of each value and returns what the generator returns', async () => {
    const seen: string[] = [];
    const outer = async function* () {
      return yield* mapped(counted([]), (value) => `${value}!`);
    };
    const events = outer();
    for (let step = await events.next(); !step.done; step = await events.next())
      seen.push(step.value);
    expect(seen).toEqual(['1!', '2!']);
    expect(await resultOf(mapped(counted([]), String))).toBe('end');
  });

  it('closes the generator when it is left early', async () => {
    const log: string[] = [];
    for await (const _ of mapped(counted(log), String)) break;
    expect(log).toEqual(['closed']);
  });

  it('throws what the generator throws', async () => {
    const failing = async function* (): AsyncGenerator<number, void> {
      yield 1;
      throw new Error('no more');
    };
    await expect(resultOf(mapped(failing(), String))).rejects.toThrow('no more');
  });
});
