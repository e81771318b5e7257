import { describe, expect, it } from 'vitest';
import { parsePlay } from './parse.ts';
import { properNames } from './proper-names.ts';

const play = parsePlay(
  new TextEncoder().encode(`# The Weir

## ACT I

### SCENE I. A weir.

_Enter ANSELM, LADY ANSELM, OLD BRAM, KEEPER, FIRST REEVE and SECOND REEVE_

**ANSELM**  
The keeper has an old key, and the first reeve has none.

**LADY ANSELM**  
Ask Bram; he is second to nobody, lady or lord.

**OLD BRAM**  
I was a reeve once.

**KEEPER**  
And I have been a keeper since.

**FIRST REEVE**  
We ask.

**SECOND REEVE**  
We ask.

**ALL**  
Open the weir!

_Exeunt_
`),
);

describe('properNames', () => {
  it('are names that are never written small, each of the one person they mean', () => {
    expect(properNames(play)).toEqual([
      { word: 'Anselm', person: 'ANSELM' },
      { word: 'Bram', person: 'OLD BRAM' },
    ]);
  });
});
