import { addressesOf } from '../../play/addresses.ts';
import type { CardAddress } from '../../play/cast/character-card.ts';
import type { CastMember, Play } from '../../play/play.ts';
import { cardOf } from './card.ts';

/** Uses of thou or you, and of a call, that tell a habit. */
const leastForms = 4;
const leastCalls = 2;

/** How a character speaks to whom: by its hand-written card, or else counted in the play. */
export function addressesBy(play: Play, character: CastMember): readonly CardAddress[] {
  return cardOf(play, character)?.addresses ?? countedAddresses(play, character);
}

/** The habits that a play's speeches show: thou or you, and the most frequent call. */
export function countedAddresses(play: Play, { name }: CastMember): readonly CardAddress[] {
  return addressesOf(play, name).flatMap(({ person, thou, you, calls: [most] }) => {
    const form = thou + you < leastForms ? undefined : thou > you ? 'thou' : 'you';
    const call = most && most[1] >= leastCalls ? most[0] : undefined;
    return form || call ? [{ person, ...(call && { call }), ...(form && { form }) }] : [];
  });
}
