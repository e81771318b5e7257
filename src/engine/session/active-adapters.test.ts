import { describe, expect, it } from 'vitest';
import type { Adapter, AdapterScope } from '../adapter.ts';
import { ActiveAdapters } from './active-adapters.ts';

/** What active adapters read of an adapter, and no more. */
function active(hash: string, scale = 1, scope?: AdapterScope) {
  const adapter: Pick<Adapter, 'hash' | 'path' | 'scope'> = { hash, path: '', scope };
  return { adapter: adapter as Adapter, scale };
}

describe('Active adapters', () => {
  it('act from a position on, and those before it stay', () => {
    const adapters = new ActiveAdapters();
    expect(adapters.key()).toBe('none');
    expect(adapters.set([active('ham')], 0)).toBe(true);
    expect(adapters.set([active('mac', 0.5), active('ham')], 12)).toBe(true);
    expect(adapters.key()).toBe('ham×1, from 12 mac×0.5+ham×1');
    expect([adapters.keyAt(11), adapters.keyAt(12)]).toEqual(['ham×1', 'mac×0.5+ham×1']);
    expect(adapters.key(12)).toBe('ham×1');
    expect(adapters.set([active('mac')], 3)).toBe(true);
    expect(adapters.key()).toBe('ham×1, from 3 mac×1');
  });

  it('have not changed where the same is set again, or at scale 0', () => {
    const adapters = new ActiveAdapters();
    expect(adapters.set([active('ham', 0)], 5)).toBe(false);
    adapters.set([active('ham')], 0);
    expect(adapters.set([active('ham')], 7)).toBe(false);
    expect(adapters.key()).toBe('ham×1');
  });

  it('have a control vector beside them from its position on, whatever is set after it', () => {
    const adapters = new ActiveAdapters();
    adapters.setControl({ ...active('up', 2), from: 3 });
    adapters.set([active('ham')], 5);
    expect(adapters.key()).toBe('none, from 3 up×2, from 5 ham×1+up×2');
    adapters.setControl(undefined);
    expect(adapters.key()).toBe('none, from 5 ham×1');
  });

  it('are copied, and the copy changes apart', () => {
    const adapters = new ActiveAdapters();
    adapters.set([active('ham')], 2);
    const copy = new ActiveAdapters(adapters);
    copy.set([], 0);
    expect([adapters.key(), copy.key()]).toEqual(['none, from 2 ham×1', 'none']);
  });

  it('are refused where their scope says that they were not trained for this', () => {
    const adapters = new ActiveAdapters();
    const turn = active('ham', 1, 'turn');
    const context = active('mac', 1, 'context');
    expect(() => adapters.set([turn], 0)).toThrow(
      'adapter ham has scope "turn": pass `from`, the position where the turn begins',
    );
    expect(() => adapters.set([context], 4)).toThrow(/the 4 tokens before `from` were read/);
    expect(() => adapters.set([{ ...active('any'), scope: 'turn' }], 0)).toThrow(/scope "turn"/);
    adapters.set([context], 0);
    adapters.set([context, turn], 4);
    expect(adapters.key()).toBe('mac×1, from 4 mac×1+ham×1');
  });

  it('are at most four, of finite scale', () => {
    const adapters = new ActiveAdapters();
    expect(() => adapters.set(Array(5).fill(active('ham')), 0)).toThrow(RangeError);
    expect(() => adapters.set([active('ham', Number.NaN)], 0)).toThrow(RangeError);
    expect(() => adapters.setControl({ ...active('up', Number.NaN), from: 0 })).toThrow(RangeError);
    expect(adapters.key()).toBe('none');
  });
});
