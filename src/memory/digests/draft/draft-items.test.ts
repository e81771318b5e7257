import { describe, expect, it } from 'vitest';
import { parsePlay } from '../../../play/parse.ts';
import { itemsOf } from './draft-items.ts';
import { piecesOf } from './scene-pieces.ts';
import { toldNames } from './told-names.ts';

const play = parsePlay(
  new TextEncoder().encode(`# The Last Ferry

## ACT I

### SCENE I. A landing.

_Enter TOBIAS_

**TOBIAS**  
The rope hath parted in the flood, and who will pay me for another now?

_Enter QUILL_

**QUILL**  
Does the ferry run tonight?

_Gives him a purse_

**QUILL**  
Take this, and mend the rope, and carry me across before the watch comes down.

**TOBIAS**  
Ay, mistress, for so much silver I would swim across with thee upon my back.

_Falls into the water_

_Exeunt_
`),
);

const items = itemsOf(piecesOf(play.acts[0]!.scenes[0]!)[0]!, toldNames(play));

describe('what a model is asked about a scene', () => {
  it('is what is said in long speeches, and what is done, in order', () => {
    expect(items.map(({ shown }) => shown)).toEqual([
      'The rope hath parted in the',
      '[Gives him a purse]',
      'Take this, and mend the rope,',
      'Ay, mistress, for so much silver',
      '[Falls into the water]',
    ]);
  });

  it('gives who speaks to whom, and nobody else where somebody is alone', () => {
    expect(items[2]!.beginnings).toContain('Quill ordered Tobias to ');
    expect(items[3]!.beginnings).toContain('Tobias told Quill that ');
    expect(items[0]!.beginnings).toContain('Tobias said that ');
    expect(items[0]!.beginnings.join()).not.toContain('Quill');
  });

  it('gives nobody who is spoken to where those before and after are two, and none is named', () => {
    const trio = parsePlay(
      new TextEncoder().encode(`# The Weir

## ACT I

### SCENE I. A weir.

_Enter JONA, PELL and MIRA_

**JONA**
The warden broke the weir with a boathook and went home to sleep.

**PELL**
I saw him do it from the bank, and so did all the herons.

**MIRA**
Then tell it before the judge, good Pell, or hold your tongue for ever.

**JONA**
He will tell nothing, for the warden is his brother and his landlord too.

_Exeunt_
`),
    );
    const asked = itemsOf(piecesOf(trio.acts[0]!.scenes[0]!)[0]!, toldNames(trio));
    expect(asked[1]!.beginnings).toContain('Pell said that ');
    expect(asked[1]!.beginnings).not.toContain('Pell asked ');
    expect(asked[1]!.beginnings.join()).not.toMatch(/Jona|Mira/);
    expect(asked[2]!.beginnings).toContain('Mira told Pell that ');
    expect(asked[2]!.beginnings.join()).not.toContain('Jona');
  });

  it('names those who are called by what they are so', () => {
    const piece = piecesOf(play.acts[0]!.scenes[0]!)[0]!;
    const named = itemsOf(piece, (name) => `the ${name.toLowerCase()}`);
    expect(named[2]!.beginnings).toContain('The quill ordered the tobias to ');
    expect(named[1]!.beginnings).toEqual(['The quill ']);
  });

  it('takes whoever spoke before something done for the doer', () => {
    expect(items[1]!.beginnings).toEqual(['Quill ']);
    expect(items[4]!.beginnings).toEqual(['Tobias ']);
  });
});
