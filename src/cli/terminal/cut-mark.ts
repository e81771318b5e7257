import type { Reply } from '../../actor/reply.ts';

/** A note on what a limit cut inside a sentence: it stands beside the answer, whose words stay as they were drawn. */
export function cutMark({ stop, reply }: Pick<Reply, 'stop' | 'reply'>): string | undefined {
  const isCut = stop === 'length' || stop === 'window';
  return isCut && !/[.!?…]["'”’)\]]*$/.test(reply) ? '… (cut at the greatest length)' : undefined;
}
