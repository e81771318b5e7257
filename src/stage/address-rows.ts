import { calledBy } from '../play/called-by.ts';
import { isCollective } from '../play/cast/label.ts';
import type { Play } from '../play/play.ts';
import type { ChoiceRow } from './fit-turn-model.ts';
import { playMoments } from './play-moments.ts';
import { featuresOf } from './turn-features.ts';

/** A turn of a play as a choice of whom to speak to. */
export type AddressRow = ChoiceRow & { readonly scene: string };

/** Every turn, but the first of a scene, that calls one person on stage by name where it could have been another. */
export function addressRows(play: Play): AddressRow[] {
  return playMoments(play).flatMap(({ scene, turn, situation, cast }): AddressRow[] => {
    const { speaker, speakers, present, text } = turn;
    if (situation.turns.length === 0 || speakers.length > 1) return [];
    const candidates = present.filter((name) => name !== speaker && !isCollective(name));
    const names = cast.names.filter(({ person }) => candidates.includes(person));
    const [called, ...more] = calledBy(text, names);
    if (!called || more.length > 0 || candidates.length < 2) return [];
    const chosen = candidates.indexOf(called.person);
    return [{ scene, chosen, features: featuresOf(situation, candidates, cast) }];
  });
}
