import { describe, expect, it } from 'vitest';
import { masked } from './masked.ts';

describe('masked', () => {
  it('takes out every mention of the name and nothing else', () => {
    expect(
      masked('Oswin, good OSWIN, that is Oswin’s and the Oswinsons.', {
        word: 'Oswin',
        person: 'OSWIN',
      }),
    ).toBe('…, good …, that is …’s and the Oswinsons.');
  });
});
