import { describe, expect, it } from 'vitest';
import { parsePlay } from '../../../play/parse.ts';
import { gendersOf } from './genders.ts';

const play = parsePlay(
  new TextEncoder().encode(`# The Last Ferry

## ACT I

### SCENE I. A landing by the river.

_Enter TOBIAS, QUILL, LADY MERE and PIP_

${Array.from(
  { length: 3 },
  () => `**QUILL**  
Does the ferry run tonight?

**TOBIAS**  
Nay, madam, the rope hath parted in the flood.

**QUILL**  
Who will mend it, sir?

**PIP**  
Not I.
`,
).join('\n')}
**LADY MERE**  
Then I must walk.
`),
);

describe('men and women of a cast', () => {
  it('are told by how those who answer them call them, or by their names', () => {
    expect(Object.fromEntries(gendersOf(play))).toEqual({
      QUILL: 'woman',
      TOBIAS: 'man',
      'LADY MERE': 'woman',
    });
  });
});
