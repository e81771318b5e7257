import type { Item, Values } from '../../measure/row.ts';
import { prng, seedOf, shuffled } from '../../measure/statistics/prng.ts';
import { sceneTurns } from '../../play/scene-turns.ts';
import { firstPlace } from '../choice.ts';
import { itemId } from '../item-id.ts';
import { neutralProse } from '../neutral-prose.ts';
import type { Request, Task } from '../task.ts';
import { codeLength, pooledBits } from './bits-measure.ts';
import { type Chore, choreOf, chores } from './keep-chores.ts';
import { summaries } from './summaries.ts';

type Kind = 'prose' | Chore;

export interface KeepItem extends Item {
  readonly kind: Kind;
  readonly text: string;
  /** What may come next; the first is right. Of prose there is one. */
  readonly continuations: readonly string[];
}

/** How often each chore is asked for every scene. */
const timesEach = 3;
/** Words of a passage that are given; the rest is scored. */
const givenWords = 8;

/**
 * What a model must not unlearn while it learns a voice: the likelihood of plain prose, and three chores that
 * have one right answer: copying a list, adding two numbers, closing JSON.
 *
 * The figure that counts is the difference to the same model without its adapter; it is worked out by who has
 * both. Items belong to scenes only so that parts and intervals work as for other tasks; nothing of the play
 * is in them.
 *
 * Floor: drawing lots among four, .25 of the chores. Ceiling: the base model; 1 for the chores.
 * Baseline: the prose with its words shuffled.
 *
 * @see Kirkpatrick et al., "Overcoming catastrophic forgetting in neural networks", 2017, for why to look.
 */
export const keep: Task<KeepItem> = {
  name: 'keep',
  version: 1,
  summary: summaries.keep,
  metrics: [
    {
      name: 'bits of prose',
      unit: 'bits per byte',
      higherIsBetter: false,
      ...pooledBits('prose'),
    },
    { name: 'accuracy', unit: 'share', higherIsBetter: true, floor: 0.25, ceiling: 1 },
    { name: 'copy', unit: 'share', higherIsBetter: true, floor: 0.25, ceiling: 1 },
    { name: 'sum', unit: 'share', higherIsBetter: true, floor: 0.25, ceiling: 1 },
    { name: 'json', unit: 'share', higherIsBetter: true, floor: 0.25, ceiling: 1 },
  ],
  anchors: [
    {
      name: 'shuffled',
      requests: (item) => requests(item.kind === 'prose' ? jumbled(item) : item),
    },
  ],
  invariants: [['subject', 'shuffled']],

  items({ play, sha256 }) {
    return sceneTurns(play).flatMap(({ scene }, at) => {
      const place = `${scene}.1`;
      const item = (kind: Kind, nth: number, text: string, continuations: readonly string[]) => {
        const id = itemId(sha256, keep, place, kind, String(nth));
        return { id, task: keep.name, scene, place, kind, text, continuations };
      };
      const list = neutralProse[at % neutralProse.length]!.split(' ');
      const prose = [` ${list.slice(givenWords).join(' ')}`];
      const found: KeepItem[] = [item('prose', 0, list.slice(0, givenWords).join(' '), prose)];
      for (const chore of chores)
        for (let nth = 0; nth < timesEach; nth++) {
          const { text, right, wrong } = choreOf(
            chore,
            prng(seedOf('keep', scene, chore, `${nth}`)),
          );
          found.push(item(chore, nth, text, [right, ...wrong]));
        }
      return found;
    });
  },

  requests,

  measure({ kind, continuations }, [answer]): Values {
    if (answer?.kind !== 'score') throw new RangeError('keep wants scores');
    if (kind === 'prose') return codeLength(answer, continuations[0]!);
    const right = firstPlace(answer.nats, (index) => index === 0);
    return { accuracy: right, [kind]: right };
  },
};

function requests({ text, continuations }: KeepItem): Request[] {
  return [{ kind: 'score', context: { kind: 'text', text }, continuations }];
}

function jumbled(item: KeepItem): KeepItem {
  const list = item.continuations[0]!.trim().split(' ');
  const order = shuffled(list, prng(seedOf(item.id, 'shuffled')));
  return { ...item, continuations: [` ${order.join(' ')}`] };
}
