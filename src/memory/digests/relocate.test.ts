import { describe, expect, it } from 'vitest';
import { parsePlay } from '../../play/parse.ts';
import { lighthouse } from '../../testing/plays/lighthouse.ts';
import {
  lighthouseHash,
  lighthouseHeader,
  lighthouseRows,
} from '../../testing/plays/lighthouse-digests.ts';
import { type DigestRow, writeDigestFile } from './digest-file.ts';
import { readDigestFile, readDigests } from './read-digests.ts';

const other = 'b'.repeat(64);
const file = (rows: readonly DigestRow[] = lighthouseRows): string =>
  writeDigestFile(lighthouseHeader, rows);

/** An edition with two lines more before the rest, and ADA and BEN's scene cut in two after them. */
const edition = parsePlay(
  new TextEncoder().encode(`# The Keeper of the Light

## ACT I

### SCENE I. The lamp room.

_Enter ADA and BEN_

**BEN**  
The gulls are quiet.
The sea is flat, and nobody is out tonight.

**ADA**  
The oil is low, and the wick burns crooked to-night;
I counted Seven Ships, upon the bar.

**BEN**  
Then trim it, sister, before the eighth one strikes.

_Exeunt_

### SCENE II. The same.

_Enter ADA_

**ADA**  
My brother sold the silver bell, and thinks I do not know it.

_Exit_

### SCENE III. The shore.

_Enter BEN and CLEO_

**BEN**  
The bell went to a smuggler for ten gold coins.

**CLEO**  
And does the keeper know that it is gone?

**CLEO and BEN**  
We swear to hold our peace until the spring.

_Exeunt_

## ACT II

### SCENE I. The lamp room.

_Enter ADA and BEN_

**ADA**  
Tell me, where is our mother's silver bell?

**BEN**  
No.

_Enter CLEO_

**CLEO**  
A storm is coming up from the south, and the bell is gone.

_Exeunt_
`),
);

describe('digests of another edition', () => {
  it('are found again by the words they quote', () => {
    const { digests, dropped } = readDigests(file(), 'digests', { play: edition, sha256: other });
    expect(digests.map(({ id, end }) => [id, end])).toEqual([
      ['1.1-1', { act: 1, scene: 1, line: 5 }],
      ['1.1-2', { act: 1, scene: 2, line: 1 }],
      ['1.2-2', { act: 1, scene: 3, line: 3 }],
    ]);
    expect(dropped.map(({ line, message }) => [line, message])).toEqual([
      [4, '"a smuggler for nine gold coins" stands nowhere near 1.2.1 in this edition'],
    ]);
  });

  it('let a listener know no sooner than they are on stage', () => {
    const { digests } = readDigests(file(), 'digests', { play: edition, sha256: other });
    const told = { ...lighthouseRows[0]!, told: [{ who: 'CLEO', at: '2.1.1' }] };
    expect(digests[2]!.known.get('ADA')!.at).toEqual({ act: 2, scene: 1, line: 3 });
    const [first] = readDigests(file([told]), 'digests', { play: edition, sha256: other }).digests;
    expect(first!.known.get('CLEO')!.at).toEqual({ act: 2, scene: 1, line: 3 });
  });

  it('leave out witnesses who are not on stage there', () => {
    const row = { ...lighthouseRows[1]!, from: '1.1.3', witnesses: ['ADA', 'BEN'] };
    const { digests } = readDigests(file([row]), 'digests', { play: edition, sha256: other });
    expect([...digests[0]!.known.keys()]).toEqual(['ADA']);
  });

  it('keep their places in their own edition', () => {
    const own = { play: lighthouse, sha256: lighthouseHash };
    expect(readDigestFile(file(), own)).toMatchObject({ isRelocated: false, faults: [] });
    expect(readDigests(file(), 'digests', own).digests[0]!.end.line).toBe(2);
  });

  it('are refused if a line is wrong in their own edition, with its number and the file', () => {
    const bad = file([lighthouseRows[0]!, { ...lighthouseRows[1]!, witnesses: ['BEN'] }]);
    expect(() =>
      readDigests(bad, 'my.jsonl', { play: lighthouse, sha256: lighthouseHash }),
    ).toThrow(
      expect.objectContaining({
        code: 'DIGESTS_INVALID',
        message: 'my.jsonl, line 3: BEN is not on stage from 1.1.4 to 1.1.4; there are ADA',
        remedy: expect.stringContaining('Leave the witness out'),
      }),
    );
  });
});
