import { parsePlay } from '../play/parse.ts';
import type { Play } from '../play/play.ts';
import type { TextEmbedder } from './memory.ts';

/** A play of our own, in which ADA, BEN and CLEO know different things. */
export const lighthouse: Play = parsePlay(
  new TextEncoder().encode(`# The Keeper of the Light

## ACT I

### SCENE I. The lamp room.

_Enter ADA and BEN_

**ADA**  
The oil is low and the wick burns crooked tonight.
I counted seven ships upon the bar.

**BEN**  
Then trim it, sister, before the eighth one strikes.

_Exit BEN_

**ADA**  
My brother sold the silver bell, and thinks I do not know it.

_Enter CLEO_

**CLEO**  
Who rang for me? I heard a bell below the stairs.

_Exeunt_

### SCENE II. The shore.

_Enter BEN and CLEO_

**BEN**  
The bell went to a smuggler for nine gold coins.

**CLEO**  
And does the keeper know that it is gone? [_Aside_] He trembles like a man before a judge.

**CLEO and BEN**  
We swear to hold our peace until the spring.

_Exeunt_

## ACT II

### SCENE I. The lamp room.

_Enter ADA, BEN and CLEO_

**ADA**  
Tell me, where is our mother's silver bell?

**BEN**  
No.

**CLEO** [_Within_]
A storm is coming up from the south, and the bell is gone.

_Exeunt_
`),
);

/** Words as dimensions, by a hash: texts that share words are near. Nothing is learnt, all is exact. */
export class WordHashEmbedder implements TextEmbedder {
  readonly width = 48;
  calls = 0;

  embed(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]> {
    this.calls++;
    if (signal?.aborted) return Promise.reject(signal.reason);
    return Promise.resolve(texts.map((text) => this.vector(text)));
  }

  vector(text: string): Float32Array {
    const row = new Float32Array(this.width);
    for (const word of text.toLowerCase().match(/[a-z']+/g) ?? ['nothing']) {
      let hash = 7;
      for (const letter of word) hash = (hash * 31 + letter.charCodeAt(0)) % 10_007;
      row[hash % this.width]! += 1;
    }
    const norm = Math.hypot(...row);
    return row.map((value) => value / norm);
  }
}
