import { parsePlace } from '../../../play/place.ts';
import type { Play, Speech } from '../../../play/play.ts';
import { speeches } from '../../../play/speeches.ts';

export type Gender = 'man' | 'woman';

/** Words of a name that say it. */
const womanNamed =
  /\b(?:LADY|QUEEN|MISTRESS|DUCHESS|COUNTESS|PRINCESS|NURSE|WITCH|GENTLEWOMAN|MAID|WIFE|MOTHER|WIDOW|HOSTESS|ABBESS)\b/;
const manNamed =
  /\b(?:LORD|KING|DUKE|EARL|PRINCE|SIR|FRIAR|BROTHER|FATHER|GENTLEMAN|MASTER|CAPTAIN|LIEUTENANT|GENERAL|SENATOR|BISHOP)\b/;

/** What is said to a woman's face, and to a man's. */
const toWoman =
  /\b(?:madam|my lady|(?:good|sweet|fair|gentle|dear) (?:lady|mistress|madam|gentlewoman)|lady,|mistress,|daughter,|sister,|gentlewoman,)/gi;
const toMan =
  /\b(?:my (?:good |dear |gracious |noble |honoured |dread |royal )*(?:lord|liege)|sir\b|good sir|(?:captain|general|lieutenant|uncle|brother|father|man|fellow|signior),)/gi;

/** Answers in which somebody must be called one way, more than twice as often as the other. */
const leastCalled = 3;

/**
 * Who of the cast is a man and who a woman, by their names or by how those who answer them call them; nobody of whom it cannot
 * be told.
 */
export function gendersOf(play: Play): ReadonlyMap<string, Gender> {
  const called = new Map(play.cast.map(({ name }) => [name, { man: 0, woman: 0 }]));
  let last: Speech | undefined;
  for (const { speech } of speeches(play)) {
    const [speaker, ...others] = last && isSameScene(last, speech) ? last.speakers : [];
    const counts = speaker !== undefined && others.length === 0 ? called.get(speaker) : undefined;
    const words = `${speech.lines.join(' ')} `;
    if (counts && !speech.speakers.includes(speaker!)) {
      counts.man += words.match(toMan)?.length ?? 0;
      counts.woman += words.match(toWoman)?.length ?? 0;
    }
    last = speech;
  }
  const genders = new Map<string, Gender>();
  for (const [name, { man, woman }] of called) {
    const gender = womanNamed.test(name)
      ? 'woman'
      : manNamed.test(name)
        ? 'man'
        : byCalls(man, woman);
    if (gender) genders.set(name, gender);
  }
  return genders;
}

function byCalls(man: number, woman: number): Gender | undefined {
  if (man >= leastCalled && man > 2 * woman) return 'man';
  return woman >= leastCalled && woman > 2 * man ? 'woman' : undefined;
}

function isSameScene(a: Speech, b: Speech): boolean {
  const [one, other] = [parsePlace(a.place), parsePlace(b.place)];
  return one.act === other.act && one.scene === other.scene;
}
