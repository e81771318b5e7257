import type { Turn } from '../../play/scene-turns.ts';
import { conversationTask, type Stretch } from './conversation.ts';
import { summaries } from './summaries.ts';

/** Turns: shorter is no conversation. */
const leastTurns = 8;

/**
 * How two people talk: stretches of a scene of eight turns at least in which nobody else speaks. It asks nothing; it is what
 * transcripts of two characters are held against.
 *
 * Baselines: a scheduler that lets them take turns (Gini 0, ABA 1, which is also what the originals do), shuffled turns.
 * ABA comes first: that shuffled turns have less of it is what must hold.
 *
 * @see Owen-Yang et al., "MPCEval", 2026, for what conversations of several are measured by.
 */
export const duet = conversationTask(
  {
    name: 'duet',
    version: 1,
    summary: summaries.duet,
    invariants: [['original', 'shuffled']],
  },
  twoAlone,
);

/** The longest stretches of two speakers, from the scene's beginning on; none overlap. */
function twoAlone({ scene, turns }: Stretch): Stretch[] {
  const found: Stretch[] = [];
  let open: Turn[] = [];
  const close = (): void => {
    if (open.length >= leastTurns) found.push({ scene, turns: open });
  };
  for (const turn of turns) {
    const speakers = new Set([...open, turn].map(({ speaker }) => speaker));
    if (speakers.size > 2) {
      close();
      // The two who spoke last may be the next pair: what they said in a row stays.
      open = lastOf(open, turn);
    }
    open.push(turn);
  }
  close();
  return found.filter((stretch) => new Set(stretch.turns.map(({ speaker }) => speaker)).size === 2);
}

/** The end of a stretch in which one person only spoke, if the stretch was not long enough to count. */
function lastOf(open: readonly Turn[], next: Turn): Turn[] {
  if (open.length >= leastTurns) return [];
  const last = open.at(-1)!.speaker;
  const from = open.findLastIndex(({ speaker }) => speaker !== last && speaker !== next.speaker);
  return open.slice(from + 1);
}
