import { comparePlaces, parsePlace } from '../play/place.ts';
import type { CastMember, Place, Play, Speech } from '../play/play.ts';
import { words } from '../play/words.ts';
import { speechesOf } from './persona/persona-from-play.ts';
import type { Exchange } from './prompt.ts';

/** Words that a cue may have, and the least and most of a reply: a line or two show a manner. */
const mostCueWords = 12;
const leastReplyWords = 6;
const mostReplyWords = 24;

/**
 * Short things said to the character before a point of the story, each with the reply; the ones that
 * show most of the manner first.
 */
export function exchangesOf(play: Play, { name }: CastMember, at?: Place): Exchange[] {
  const found: { exchange: Exchange; worth: number }[] = [];
  for (const { scenes } of play.acts)
    for (const scene of scenes) {
      const speeches = speechesOf(scene);
      speeches.forEach((reply, i) => {
        const exchange = exchangeOf(speeches[i - 1], reply, speeches[i + 1], name);
        if (!exchange || (at && comparePlaces(parsePlace(reply.place), at) >= 0)) return;
        found.push({ exchange, worth: worthOf(exchange) });
      });
    }
  return found.sort((a, b) => b.worth - a.worth).map(({ exchange }) => exchange);
}

/** Undefined unless a short, whole speech by one other person is answered by another. */
function exchangeOf(
  cue: Speech | undefined,
  reply: Speech,
  next: Speech | undefined,
  name: string,
): Exchange | undefined {
  const [speaker, second] = reply.speakers;
  const [asker, another] = cue?.speakers ?? [];
  if (!cue || speaker !== name || second || !asker || another || asker === name) return undefined;
  if (reply.continued || cue.continued || next?.continued) return undefined;
  const asked = cue.lines.join(' ');
  const said = reply.lines.join(' ');
  const length = words(said).length;
  if (words(asked).length > mostCueWords) return undefined;
  if (length < leastReplyWords || length > mostReplyWords) return undefined;
  return { asker, cue: asked, reply: said };
}

const oldWords = new Set(
  "thou thee thy thine hath doth art 'tis tis nay ay o hast shalt".split(' '),
);

/** A question answered by a statement of middle length with the old words in it shows most. */
function worthOf({ cue, reply }: Exchange): number {
  const said = words(reply);
  const old = said.filter((word) => oldWords.has(word)).length;
  const isAsked = cue.trimEnd().endsWith('?') ? 1 : 0;
  const asks = reply.includes('?') ? 1 : 0;
  const misfit = Math.abs(said.length - 14) + Math.abs(words(cue).length - 6);
  return Math.min(old, 2) + isAsked - asks - misfit / 8;
}
