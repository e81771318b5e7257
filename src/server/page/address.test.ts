import { describe, expect, it } from 'vitest';
import { addressOf, type Route, routeOf } from './address.ts';

describe('An address', () => {
  it('means the route that it was made of', () => {
    const routes: Route[] = [
      { view: 'stage', id: 'abcdef', n: undefined },
      { view: 'stage', id: 'abcdef', n: 12 },
      { view: 'talk', id: 'macbeth/lady-macbeth@1.5+0a1b' },
      { view: 'talk', id: undefined },
      { view: 'compare', a: undefined, b: 'abcdef' },
      { view: 'compare', a: 'abcdef', b: undefined },
      { view: 'figures', id: 'abcdef' },
      { view: 'new' },
      { view: 'library' },
      { view: 'adapters' },
    ];
    expect(routes.map((to) => routeOf(addressOf(to)))).toEqual(routes);
  });

  it('that means nothing is the library', () => {
    expect(['', '#', '#/nowhere', '#/scene', '#/%E0%A4%A'].map(routeOf)).toEqual(
      Array.from({ length: 5 }, () => ({ view: 'library' })),
    );
  });
});
