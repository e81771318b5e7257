import { describe, expect, it } from 'vitest';
import { addressesOf, titlesIn } from './addresses.ts';
import { parsePlay } from './parse.ts';

const play = parsePlay(
  new TextEncoder().encode(`# The Orchard

## ACT I

### SCENE I. An orchard.

_Enter DUKE ORSO, NELL and WILL_

**NELL**  
The pears are down, my lord.

**DUKE ORSO**  
Then gather them, good Nell; thou hast the longest arms.

**NELL**  
You are pleased to jest, my gracious lord.

**WILL**  
I have my own arms, and you have yours.

_Exit NELL_

**DUKE ORSO**  
Why, how now, Will! What is that to you? The lord of this place is I, and my lord the king over me.
`),
);

describe('addressesOf', () => {
  it('counts what is said to who spoke before and speaks after, and to the only other one', () => {
    expect(addressesOf(play, 'DUKE ORSO')).toEqual([
      { person: 'NELL', thou: 1, you: 0, calls: [['good Nell', 1]] },
      { person: 'WILL', thou: 0, you: 1, calls: [['Will', 1]] },
    ]);
  });

  it('counts no speech that may be for anybody', () => {
    // Nell's first words begin the scene; Will's have two others on stage, and nobody answers him alone.
    expect(addressesOf(play, 'NELL')).toEqual([]);
    expect(addressesOf(play, 'WILL')).toEqual([]);
    expect(addressesOf(play, 'NOBODY')).toEqual([]);
  });
});

describe('titlesIn', () => {
  it('finds titles between stops, with where they begin, and none for several people', () => {
    const text = 'Nay, my good lord, hold; friends, the lord is here, good Nell. Why, sir!';
    expect(titlesIn(text).map(({ call, at }) => [call, text.slice(at, at + call.length)])).toEqual([
      ['my good lord', 'my good lord'],
      ['sir', 'sir'],
    ]);
  });
});
