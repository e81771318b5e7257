import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameRows } from './name-rows.ts';

const somebody = fc.record({
  name: fc.string({ minLength: 1, maxLength: 12 }),
  value: fc.integer({ min: 0, max: 300 }),
});

/** Pixels that a name takes, a little less than is kept free for it. */
const widthOf = (name: string): number => 5 * name.length;

describe('names in rows', () => {
  it('stand all in one row where there is room', () => {
    const far = [0, 100, 200].map((value) => ({ name: 'base', value }));
    expect(nameRows(far, (value) => value).rows).toBe(1);
    expect(nameRows([], (value) => value).rows).toBe(0);
  });

  it('neither lie on each other nor on the line to one that is further out', () => {
    fc.assert(
      fc.property(fc.array(somebody, { maxLength: 8 }), (names) => {
        const { placed, rows } = nameRows(names, (value) => value);
        expect(placed).toHaveLength(names.length);
        for (const one of placed) {
          expect(one.row).toBeLessThan(rows);
          // Whoever's line or name begins where this name stands is nearer to what is named.
          for (const other of placed)
            if (other !== one && other.start > one.start)
              if (other.start < one.start + widthOf(one.named.name))
                expect(other.row).toBeLessThan(one.row);
        }
      }),
    );
  });
});
