import type { Source } from '../../corpus/source.ts';
import type { SceneSplit } from '../../corpus/splits/scene-split.ts';
import type { Request } from '../../eval/task.ts';
import type { Answer } from '../../measure/row.ts';
import { parsePlay } from '../../play/parse.ts';
import type { Play } from '../../play/play.ts';

/**
 * The Salt Road tests benchmark tasks about scenes: in its three scenes people come and go, speak together, call each
 * other by name, and say lines of many lengths.
 */
export const saltRoad: Play = parsePlay(
  new TextEncoder().encode(`# The Salt Road

## ACT I

### SCENE I. A toll-house in the hills.

_Enter IVO and PETRA_

**IVO**  
Count the carts again, Petra, for the ledger will not close.

**PETRA**  
I counted nine before the rain and seven after it.

**IVO**  
Then two are in the river, or in somebody's barn.

_Enter OSWIN, with a lamp_

**OSWIN**  
The river is up to the second stone and climbing still.

**PETRA**  
Did you see carts upon the farther bank, good Oswin?

**OSWIN**  
I saw one wheel, and nothing that belonged to it.

_Exit OSWIN_

**IVO**  
He saw one wheel! The man would find a coin in a drowned mill and call it weather.

**PETRA**  
He is honest enough in daylight.

**IVO**  
It is not daylight now, and salt has legs when nobody is looking.

**PETRA**  
Lock the gate, then, and let us sleep.

_Exeunt_

### SCENE II. The river bank.

_Enter OSWIN and MAGDA_

**OSWIN**  
Hold the rope, Magda, and do not let it sing.

**MAGDA**  
My hands are older than the rope is.

**OSWIN**  
Nine sacks are dry. The tenth has gone to season all the fish.

**MAGDA**  
Somebody comes along the hedge with a lantern.

_Enter PETRA_

**PETRA**  
Who drags a cart by night without a horse?

**OSWIN & MAGDA**  
Two friends of yours, and of your master too.

**PETRA**  
My master has no friends at such an hour.

**MAGDA** [_Aside_]
She counts us as she counts the carts at noon.

**OSWIN**  
Go home, Petra. The ledger will not close tonight, nor any night that I can row.

**PETRA**  
I carry what I saw to Ivo, and the reckoning with it.

_Exit PETRA_

**MAGDA**  
She will tell Ivo before the kettle is warm.

**OSWIN**  
Then let him come and count what he can catch.

_Exeunt_

## ACT II

### SCENE I. The toll-house again.

_Enter IVO, PETRA and MAGDA_

**IVO**  
Speak plainly, Magda: who was with you at the water?

**MAGDA**  
The moon was with me, and a frog or two.

**PETRA**  
And Oswin, up to both his knees in salt.

**MAGDA**  
You have sharp eyes for one who sleeps behind a gate.

**IVO**  
Nobody slept. The gate itself stood listening all night long.

_Enter OSWIN_

**OSWIN**  
I heard my name, and thought I might come after it.

**IVO**  
Nine sacks, Oswin. I want them on this table before the bell has done.

**OSWIN**  
The table is too small, and so is the bell.

_Exit MAGDA_

**PETRA**  
Now she runs to move them somewhere else.

**OSWIN**  
Let her run. The road is long, and salt is heavy in the rain.

**IVO**  
I would give seven of them to know where the other two are.

_Exeunt_
`),
  { title: 'The Salt Road' },
);

/** All of one part, unless told otherwise. */
export function sourceOf(
  play: Play,
  { character, parts = {} }: { character?: string; parts?: Record<string, 'dev' | 'holdout'> } = {},
): Source {
  const split: SceneSplit = {
    folds: 5,
    partOf: (scene) => parts[scene] ?? 'train',
    foldOf: () => 0,
  };
  const member = play.cast.find(({ name }) => name === character);
  return {
    id: 'salt-road',
    play,
    sha256: 'ab'.repeat(32),
    split,
    ...(member && { character: member }),
  };
}

/** Answers of a subject to whom a text is as likely as `nats` says. */
export function answersBy(
  requests: readonly Request[],
  nats: (continuation: string, request: Request) => number,
): Answer[] {
  return requests.map((request) =>
    request.kind === 'score'
      ? {
          kind: 'score',
          nats: request.continuations.map((one) => nats(one, request)),
          tokens: request.continuations.map((one) => one.split(' ').length),
        }
      : { kind: 'text', text: '', tokens: 0, stop: 'end' },
  );
}
