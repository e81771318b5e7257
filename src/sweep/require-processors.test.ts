import { describe, expect, it } from 'vitest';
import type { DramatisError } from '../errors.ts';
import { fewProcessors, requireProcessors } from './require-processors.ts';

const task = (cpus: number) => ({ resources: { cpus, gpus: 0, memMiB: 1, minutes: 1 } });

describe('Tasks for more threads than there are processors', () => {
  it('are refused together, with how to plan them for what there is', () => {
    const refused = (): void => requireProcessors([task(1), task(2), task(2)], 1);
    expect(refused).toThrow(
      '2 of 3 tasks were planned for 2 threads; this process may use 1 processor',
    );
    try {
      refused();
    } catch (error) {
      expect((error as DramatisError).remedy).toMatch(/"dramatis study plan FOLDER --cpus 1"/);
    }
  });

  it('are run where there are as many, or none are left', () => {
    expect(() => requireProcessors([task(2)], 2)).not.toThrow();
    expect(() => requireProcessors([], 1)).not.toThrow();
  });
});

describe('A plan for more threads than there are processors', () => {
  it('is remarked upon, with the option that plans for fewer', () => {
    const tasks = [task(2), task(1)];
    expect(fewProcessors({ tasks }, 1)).toContain('this process may use 1 processor: --cpus 1');
    expect(fewProcessors({ tasks }, 2)).toBeUndefined();
  });
});
