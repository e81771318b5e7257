import type { DigestHeader, DigestRow } from '../../memory/digests/digest-file.ts';

/** The sha256 that the digests of the lighthouse give for its text. */
export const lighthouseHash = 'a'.repeat(64);

export const lighthouseHeader: DigestHeader = {
  format: 'dramatis-digests',
  version: 1,
  play: 'lighthouse',
  text: lighthouseHash,
  persons: {
    MOTHER: { name: 'the dead mother' },
    'THE TWO': { name: 'Cleo and Ben', is: ['CLEO', 'BEN'] },
  },
};

/** What happens in The Keeper of the Light: a soliloquy, a secret of two, and what ADA is told at the end. */
export const lighthouseRows: readonly DigestRow[] = [
  {
    id: '1.1-1',
    from: '1.1.1',
    end: '1.1.2',
    words: 'seven ships upon the bar',
    text: '{ADA} told {BEN:me} that {ADA:she/I} had counted seven ships.',
    about: ['ADA', 'BEN'],
    witnesses: ['ADA', 'BEN'],
  },
  {
    id: '1.1-2',
    from: '1.1.4',
    end: '1.1.4',
    words: 'My brother sold the silver bell',
    text: "{ADA} knew that {BEN} had sold {MOTHER:'s} silver bell.",
    about: ['ADA', 'BEN', 'MOTHER'],
    witnesses: ['ADA'],
  },
  {
    id: '1.2-1',
    from: '1.2.1',
    end: '1.2.1',
    words: 'a smuggler for nine gold coins',
    text: '{BEN} sold the silver bell to a smuggler for nine gold coins.',
    about: ['BEN'],
    witnesses: ['BEN'],
    offstage: '1.1',
    told: [{ who: 'CLEO', at: '1.2.1', by: 'BEN' }],
  },
  {
    id: '1.2-2',
    from: '1.2.3',
    end: '1.2.3',
    words: 'hold our peace until the spring',
    text: '{THE TWO} swore to say nothing of the bell, and {THE TWO:they/we} kept {THE TWO:their/our} word.',
    about: ['THE TWO'],
    witnesses: ['THE TWO'],
    told: [{ who: 'ADA', at: '2.1.3', by: 'CLEO' }],
  },
];
