import { describe, expect, it, vi } from 'vitest';
import { SharedSteps } from './shared-steps.ts';

/** Steps that say who was in them; a row's token is how often it was drawn. */
function counted() {
  const taken: string[][] = [];
  const drawn = new Map<string, number>();
  const steps = new SharedSteps<string>(async (rows) => {
    taken.push([...rows]);
    await new Promise((done) => setTimeout(done, 1));
    if (rows.includes('broken')) throw new Error('it is broken');
    return Int32Array.from(rows, (row) => {
      drawn.set(row, (drawn.get(row) ?? 0) + 1);
      return drawn.get(row)!;
    });
  });
  return { steps, taken };
}

const person = { isPatient: false };
const scene = { isPatient: true };

async function draws(
  steps: SharedSteps<string>,
  row: string,
  times: number,
  standing = person,
): Promise<void> {
  for (let i = 0; i < times; i++) await steps.draw([row], standing);
}

describe('Steps that the sessions of a cache share', () => {
  it('are taken together by all who draw at one time, each getting its own', async () => {
    const { steps, taken } = counted();
    await Promise.all([draws(steps, 'a', 5), draws(steps, 'b', 3), draws(steps, 'c', 5)]);
    const together = taken.map((rows) => rows.sort().join(''));
    expect(together).toEqual(['a', 'abc', 'abc', 'abc', 'ac', 'c']);
    expect(taken.flat().sort().join('')).toBe('aaaaabbbccccc');
  });

  it('give several rows of one asker their tokens in order', async () => {
    const { steps } = counted();
    const [first, second] = await Promise.all([
      steps.draw(['a', 'a'], person),
      steps.draw(['b', 'a'], person),
    ]);
    expect([...first]).toEqual([1, 2]);
    expect([...second]).toEqual([1, 3]);
  });

  it('follow one another without a pause for one who draws alone', async () => {
    const { steps, taken } = counted();
    const waited = vi.spyOn(globalThis, 'setImmediate');
    await draws(steps, 'a', 3);
    expect(waited).not.toHaveBeenCalled();
    waited.mockRestore();
    expect(taken).toHaveLength(3);
  });

  it('let one slice of a prompt be read between two of them, in turn', async () => {
    const { steps } = counted();
    const order: string[] = [];
    const read = async (name: string): Promise<void> => {
      for (let i = 0; i < 3; i++) await steps.read(async () => void order.push(name), person);
    };
    const draw = async (): Promise<void> => {
      for (let i = 0; i < 7; i++) {
        await steps.draw(['a'], person);
        order.push('a');
      }
    };
    await Promise.all([draw(), read('x'), read('y')]);
    expect(order.join('').match(/[xy]{2}/)).toBeNull();
    expect(order.filter((one) => one !== 'a').join('')).toBe('xyxyxy');
  });

  it('wait for scenes that read, where only scenes draw, and are then taken by all', async () => {
    const { steps, taken } = counted();
    const turn = async (row: string, slices: number): Promise<void> => {
      for (let i = 0; i < slices; i++) await steps.read(async () => {}, scene);
      await draws(steps, row, 3, scene);
    };
    await Promise.all([turn('a', 1), turn('b', 4), turn('c', 2)]);
    expect(taken.map((rows) => rows.sort().join(''))).toEqual(['abc', 'abc', 'abc']);
  });

  it('serve persons before scenes that go on by themselves, which do not stand still', async () => {
    const { steps, taken } = counted();
    await Promise.all([draws(steps, 'scene', 20, scene), draws(steps, 'person', 12)]);
    const busy = taken.slice(1, taken.findLastIndex((rows) => rows.includes('person')) + 1);
    const beside = busy.filter((rows) => rows.includes('scene'));
    expect(beside.length).toBeGreaterThanOrEqual(2);
    expect(beside.length).toBeLessThanOrEqual(4);
    expect(taken.flat().filter((row) => row === 'scene')).toHaveLength(20);
  });

  it('read for a person before they read for a scene', async () => {
    const { steps } = counted();
    const order: string[] = [];
    const read = (name: string, standing: typeof person) =>
      steps.read(async () => void order.push(name), standing);
    await Promise.all([
      steps.draw(['a'], person),
      read('scene', scene),
      read('person', person),
      read('person', person),
    ]);
    expect(order.join()).toBe('person,person,scene');
  });

  it("keep one's fault from the others", async () => {
    const { steps } = counted();
    const results = await Promise.allSettled([
      steps.draw(['a'], person),
      steps.draw(['b'], person),
      steps.draw(['broken'], person),
      steps.draw(['c'], person),
    ]);
    expect(results.map(({ status }) => status[0]).join('')).toBe('ffrf');
  });

  it('forget who leaves while they wait, and who has left before they asked', async () => {
    const { steps, taken } = counted();
    const leaving = new AbortController();
    const first = steps.draw(['a'], person);
    const second = steps.draw(['b'], person, leaving.signal);
    const reading = steps.read(async () => void taken.push(['read']), person, leaving.signal);
    leaving.abort(new Error('gone'));
    expect(steps.waiting).toEqual({ draws: 1, reads: 1 });
    await expect(second).rejects.toThrow('gone');
    await expect(reading).rejects.toThrow('gone');
    await expect(steps.draw(['c'], person, leaving.signal)).rejects.toThrow('gone');
    await first;
    expect(taken).toEqual([['a']]);
    expect(steps.waiting).toEqual({ draws: 0, reads: 0 });
  });
});
