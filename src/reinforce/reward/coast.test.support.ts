import type { Source } from '../../corpus/source.ts';
import { prng, seedOf } from '../../measure/statistics/prng.ts';
import { TrigramModel } from '../../measure/text/trigram-model.ts';
import { parsePlay } from '../../play/parse.ts';
import { sceneTurns } from '../../play/scene-turns.ts';
import { words } from '../../play/words.ts';
import { RewardedCharacter } from './character.ts';
import type { Asked, Criticism, Original, Reply } from './reply.ts';

/**
 * A play whose words are drawn: three persons, each with words of their own, speak of four things. So there are as many new
 * speeches in the manner of each as a test wants, and models that never saw the play can say how likely they are.
 */
const list = (text: string): readonly string[] => text.split(' ');

const speakers = {
  ADA: {
    adjectives: list('pale silent patient weary narrow careful lonely hollow distant faithful'),
    verbs: list('watches keeps follows mends forgives counts guards remembers'),
  },
  BEN: {
    adjectives: list('merry golden greedy loud drunken lucky fat crooked painted roaring'),
    verbs: list('sells drinks cheats swallows kisses wagers steals swears'),
  },
  CLEO: {
    adjectives: list('holy bitter ancient buried cursed secret burning sacred wicked dreadful'),
    verbs: list('curses blesses buries dreads foretells wakens devours haunts'),
  },
} as const;
export type Person = keyof typeof speakers;
const persons = Object.keys(speakers) as readonly Person[];

const things = {
  bell: list('bell tower rope chime steeple clapper sexton toll'),
  ship: list('ship mast anchor harbour sailor keel rudder voyage'),
  bread: list('bread oven miller harvest barley table hunger crumb'),
  storm: list('storm thunder cloud rain lightning gale flood tempest'),
} as const;
export type Thing = keyof typeof things;
export const allThings = Object.keys(things) as readonly Thing[];

const common = {
  adjectives: list('old young cold dark long little great empty broken strange quiet grey'),
  verbs: list('sees takes leaves finds brings knows breaks holds calls turns'),
  nouns: list('neighbour morning window brother garden candle winter stranger letter road'),
  places: list('beneath beside beyond behind before within against upon'),
  modern: {
    adjectives: list('quarterly regional efficient strategic flexible corporate innovative'),
    verbs: list('optimizes schedules outsources evaluates streamlines monitors'),
    nouns: list('budget manager deadline customer marketing portfolio brochure seminar'),
  },
};

export type Random = () => number;
const one = <T>(all: readonly T[], random: Random): T => all[Math.floor(random() * all.length)]!;

function phrase(person: Person, thing: Thing, random: Random): string {
  const own = speakers[person];
  const adjective = one(random() < 0.6 ? own.adjectives : common.adjectives, random);
  const noun = one(random() < 0.7 ? things[thing] : common.nouns, random);
  return `${one(list('the my this'), random)} ${adjective} ${noun}`;
}

/** A clause in somebody's manner about something. */
export function clause(person: Person, thing: Thing, random: Random): string {
  const verb = one(random() < 0.6 ? speakers[person].verbs : common.verbs, random);
  const place = one(common.places, random);
  return `${phrase(person, thing, random)} ${verb} ${place} ${phrase(person, thing, random)}`;
}

/** A clause of an office. */
export function modernClause(random: Random): string {
  const { adjectives, verbs, nouns } = common.modern;
  const some = (): string => `our ${one(adjectives, random)} ${one(nouns, random)}`;
  return `${some()} ${one(verbs, random)} ${some()}`;
}

const sentence = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}.`;

/** One to four clauses; to CLEO all say thou, to others you. */
export function speech(
  person: Person,
  thing: Thing,
  random: Random,
  addressee: Person = 'BEN',
): string {
  const count = 1 + Math.floor(random() * 4);
  const clauses = Array.from({ length: count }, () => clause(person, thing, random));
  const call = addressee === 'CLEO' ? 'thou' : 'you';
  if (random() < 0.4) clauses[0] = `and ${call} may say ${clauses[0]}`;
  return clauses.map(sentence).join(' ');
}

const question = (thing: Thing, random: Random): string =>
  `What of ${phrase('BEN', thing, random)}, ${one(list('madam lady friend'), random)}?`;

const speechesAScene = 40;
const scenes = 8;
const numerals = list('I II III IV V VI VII VIII');

/** The play as it is printed. */
export function coastText(seed = 1): string {
  const random = prng(seed);
  const written = Array.from({ length: scenes }, (_, i) => {
    const said = Array.from({ length: speechesAScene }, (_, at) => {
      const person = at % 2 === 0 ? 'ADA' : one(list('BEN CLEO'), random);
      return `**${person}**\n${speech(person as Person, allThings[i % 4]!, random)}`;
    });
    return [`### SCENE ${numerals[i]}. A coast.`, '_Enter ADA, BEN and CLEO_', ...said, '_Exeunt_'];
  });
  return ['# The Coast', '## ACT I', ...written.flat()].join('\n\n');
}

/** @param seed Another play of the same persons for another seed. */
export function coast(seed = 1): Source {
  return {
    id: 'coast',
    play: parsePlay(new TextEncoder().encode(coastText(seed))),
    sha256: String(seed),
    // Scenes 7 and 8 are kept away from all that is learned.
    split: {
      folds: 5,
      partOf: (scene) => (/[78]$/.test(scene) ? 'holdout' : 'train'),
      foldOf: (scene) => Number(scene.at(-1)) % 5,
    },
  };
}

/** Models of each person and of each thing that have read other words than the play's. */
function models<K extends string>(keys: readonly K[], text: (key: K, random: Random) => string) {
  return new Map(
    keys.map((key) => {
      const random = prng(seedOf('read', key));
      return [key, new TrigramModel(Array.from({ length: 400 }, () => words(text(key, random))))];
    }),
  );
}
const byPerson = models(persons, (person, random) =>
  speech(person, one(allThings, random), random),
);
const byThing = models(allThings, (thing, random) => speech(one(persons, random), thing, random));
const everything = models(['all'], (_, random) => {
  if (random() < 0.4) return `I am a chatbot. ${sentence(modernClause(random))}`;
  return speech(one(persons, random), one(allThings, random), random);
}).get('all')!;

const ln2 = Math.LN2;

/** What the models make of a text as ADA's words of a thing. */
export function criticise(text: string, thing: Thing): Criticism {
  const said = words(text);
  if (said.length === 0) return { label: 0, apt: 0, surprise: 0 };
  const bits = (model: TrigramModel | undefined): number => model!.bitsPerWord(said);
  const mean = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0) / all.length;
  const others = allThings.filter((other) => other !== thing);
  return {
    label: ln2 * (bits(byPerson.get('BEN')) - bits(byPerson.get('ADA'))),
    apt: ln2 * (mean(others.map((other) => bits(byThing.get(other)))) - bits(byThing.get(thing))),
    surprise: (ln2 * bits(everything) * said.length) / Buffer.byteLength(text),
  };
}

/** ADA, with every speech of hers that may be learned from. */
export function ada(source: Source): RewardedCharacter {
  const member = source.play.cast.find(({ name }) => name === 'ADA')!;
  const originals = sceneTurns(source.play).flatMap(({ scene, turns }, i) =>
    source.split.partOf(scene) !== 'train'
      ? []
      : turns
          .filter(({ speaker }) => speaker === 'ADA')
          .map(
            ({ text }): Original => ({
              ...{ scene, text, addressee: 'BEN' },
              criticism: criticise(text, allThings[i % 4]!),
            }),
          ),
  );
  return new RewardedCharacter(source, member, originals);
}

/** A question to ADA about a thing. */
export interface Put extends Asked {
  readonly thing: Thing;
}

export function questions(count: number): Put[] {
  const random = prng(7);
  return Array.from({ length: count }, (_, i): Put => {
    const thing = allThings[i % 4]!;
    const shown = [`You remember how ${clause('CLEO', thing, random)} at dawn.`];
    return {
      id: `question ${i}`,
      question: question(thing, random),
      addressee: 'BEN',
      shown,
      thing,
    };
  });
}

export function replyTo(asked: Put, text: string, isEnded = true): Reply {
  return { asked, text, isEnded, criticism: criticise(text, asked.thing) };
}
