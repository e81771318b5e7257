import type { Memory, RecallOptions } from './memory.ts';
import type { Recalled } from './passage.ts';

/** How many passages an answer is given: each costs about 35 tokens, and a small model mixes up more. */
const mostPassages = 3;

/** Above it, both searches of the memory found a passage, by its words and by its meaning. */
const aptScore = 0.5;

/** What a character is given to answer with. */
export async function recallRelevant(
  memory: Memory,
  query: string,
  options: Omit<RecallOptions, 'limit'>,
): Promise<readonly Recalled[]> {
  const found = await memory.recall(query, { ...options, limit: mostPassages });
  // What only one of the two searches found is seldom to the point, and a small model loses the thread
  // over it; one such passage is the most it bears.
  const apt = found.filter(({ score }) => score > aptScore);
  return apt.length > 0 ? apt : found.slice(0, 1);
}
