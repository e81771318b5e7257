import { describe, expect, it } from 'vitest';
import { parsePlay } from '../../../play/parse.ts';
import { toldNames } from './told-names.ts';

const play = parsePlay(
  new TextEncoder().encode(`# The Weir

## ACT I

### SCENE I. A weir.

_Enter WARDEN, MIRA and OTTER_

**WARDEN**
I saw no otter here, but Mira owes the warden a boat.

**MIRA**
Ask the old otter of the weir, and not me.

**OTTER**
She owes us all a boat.

_Exeunt_
`),
);

describe('how a narrator names somebody', () => {
  it('is by a role with an article where speeches have it in small letters, and by name else', () => {
    expect(['WARDEN', 'MIRA', 'OTTER'].map(toldNames(play))).toEqual([
      'the warden',
      'Mira',
      'Otter',
    ]);
  });
});
