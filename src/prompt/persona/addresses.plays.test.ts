import { beforeAll, describe, expect, it } from 'vitest';
import { addressesOf } from '../../play/addresses.ts';
import { realPlays } from '../../testing/real-plays.ts';
import { countedAddresses } from './addresses.ts';
import { cardFiles, isNamed } from './card.ts';

let sources: Awaited<ReturnType<typeof realPlays>>;
beforeAll(async () => {
  sources = await realPlays();
});

describe('How the cards say that a character speaks to others', () => {
  for (const file of cardFiles())
    for (const { name, addresses = [] } of file.cards)
      for (const { person, form, call } of addresses)
        it(`is what the play has of ${name} and ${person}`, () => {
          const { play } = sources.get(file.play)!;
          const memberNamed = (wanted: string) => play.cast.find((one) => isNamed(one, wanted))!;
          const speaker = memberNamed(name);
          const spokenTo = memberNamed(person).name;
          const all = addressesOf(play, speaker.name);
          const counted = all.find((one) => one.person === spokenTo)!;
          const habit = countedAddresses(play, speaker).find((one) => one.person === spokenTo);
          expect(habit?.form).toBe(form);
          if (call !== undefined) expect(counted.calls.map(([said]) => said)).toContain(call);
        });
});
