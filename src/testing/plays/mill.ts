import type { Source } from '../../corpus/source.ts';
import type { SceneSplit, SplitPart } from '../../corpus/splits/scene-split.ts';
import type { Request } from '../../eval/task.ts';
import type { Answer } from '../../measure/row.ts';
import { parsePlay } from '../../play/parse.ts';

/**
 * The Mill at Varn tests facts, which can be read off its directions: a letter, a death, an aside, somebody who
 * comes in while another speaks, and scenes that not all are in.
 */
export const mill: Source = sourceOf(
  `# The Mill at Varn

## ACT I

### SCENE I. The mill.

_Enter ROLF and TILDA_

**ROLF**
The wheel stands still, the race is dry, and all the village wants for bread since Easter.

**TILDA**
Then let the village dig. My father dug this race with his two hands and asked for nothing.

**ROLF**
Your father had a river, mistress, and we have only what the river left behind for us.

**TILDA**
_\\[Aside]_
He knows not that I turned the sluice myself and sold the water to the lord of Varn at night.

**ROLF**
What did you say?

**TILDA**
I said that rain will come.

_Enter OSWIN_

**OSWIN**
Good morrow to the mill. I bring a letter from the lord of Varn, and I am to stay until it is read.

**ROLF**
Give it to me, good Oswin, for the mistress has no love of letters or of those who send them.

_Reads_

The water that I bought I keep, and who comes near the sluice shall pay for it with his life.

**TILDA**
A churlish letter.

_Exeunt_

### SCENE II. The sluice.

_Enter OSWIN and BERTA_

**OSWIN**
Here is the sluice, and here the chain is fresh with grease, as if a hand had turned it lately.

**BERTA**
Whose hand? There is but one who has the key, and she sits weeping by an idle mill all day.

**OSWIN**
Then I shall tell it to the miller's man before the moon is over yonder hill tonight.

_Exit OSWIN_

**BERTA**
Go, tell it to the moon.

_Exit_

## ACT II

### SCENE I. The mill.

_Enter ROLF, TILDA and OSWIN_

**OSWIN**
The mistress turned the sluice; I saw the chain, and Berta here in Varn will swear to it.

**TILDA**
Swear what you will, you carry lies as other men carry their meal, by the sack and for a fee.

**ROLF**
Is it true? I would have dug the river back for you with my bare nails if you had asked me.

_ROLF falls and dies_

**OSWIN**
He has no breath. The word has killed the man more surely than the water ever could.

**TILDA**
Then both of us have drowned him in a dry and empty race, and I shall never grind again.

_Exeunt_

### SCENE II. Before the church.

_Enter BERTA and TILDA_

**BERTA**
They ring for Rolf. Will you not come inside with all the others and be sorry for an hour?

**TILDA**
I shall be sorry longer than an hour, and not where all the others can observe my face.

**BERTA**
Then stand out here and let the wind have you, for I am cold and I have bread at home.

_Exeunt_
`,
  { '2.1': 'holdout' },
);

/** A text in Markdown as a source; scenes that no part is named for are for training. */
export function sourceOf(markdown: string, parts: Readonly<Record<string, SplitPart>>): Source {
  const play = parsePlay(new TextEncoder().encode(markdown));
  const split: SceneSplit = {
    partOf: (scene) => parts[scene] ?? 'train',
    foldOf: (scene) => Number(scene.split('.')[1]) % 5,
    folds: 5,
  };
  return { id: 'mill', play, sha256: 'ab'.repeat(32), split };
}

/** The Mill at Varn as a source that is about one of its persons. */
export function about(source: Source, name: string): Source {
  const character = source.play.cast.find((member) => member.name === name);
  if (!character) throw new RangeError(`${name} is not in the play`);
  return { ...source, character };
}

/** Answers by a rule: the log-probability of a continuation after what was asked. */
export function answered(
  requests: readonly Request[],
  nats: (continuation: string, request: Request) => number,
): Answer[] {
  return requests.map((request) => {
    if (request.kind !== 'score') throw new RangeError('only scores are answered');
    return {
      kind: 'score',
      nats: request.continuations.map((text) => nats(text, request)),
      tokens: request.continuations.map((text) => text.split(' ').length),
    };
  });
}
