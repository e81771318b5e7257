import { parsePlay } from '../../play/parse.ts';
import type { Play } from '../../play/play.ts';

/** The Keeper of the Light tests memory: ADA, BEN and CLEO witness different scenes and are told different things. */
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
