import { describe, expect, it } from 'vitest';
import { lighthouse } from '../testing/plays/lighthouse.ts';
import { Dramatis } from './dramatis.ts';
import { openCompany } from './open-company.ts';

describe('openCompany', () => {
  it('refuses more actors than one cache holds before it opens a model', async () => {
    const dramatis = await Dramatis.open();
    const play = { id: 'lighthouse', play: lighthouse, sha256: '', path: '' };
    const cast = Array.from(
      { length: 65 },
      (_, i) => ({ name: `A${i}`, playedBy: 'model' }) as const,
    );
    const opening = openCompany(dramatis, { play, cast, at: undefined, isScoring: false });
    await expect(opening).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('there may be 64'),
      remedy: expect.stringContaining('--human'),
    });
  });
});
