import type { Source } from '../../corpus/source.ts';
import type { SceneSplit } from '../../corpus/splits/scene-split.ts';
import { prng } from '../../measure/statistics/prng.ts';
import { parsePlay } from '../../play/parse.ts';
import type { CastMember } from '../../play/play.ts';

/**
 * The Harbour tests text statistics: a long play drawn by a fixed seed, whose three people build the same sentences of
 * the same things, each with small words of their own. It is long enough to distinguish voices by their words, and for
 * word order to matter.
 */
const habits: Readonly<Record<string, readonly string[]>> = {
  MARTA: ['and yet', 'I think', 'my', 'is not', 'never'],
  BRUNO: ['for now', 'we say', 'our', 'is but', 'often'],
  ODILE: ['but then', 'they tell', 'his', 'was ever', 'once'],
};
const things =
  'lantern harbour tide ferry rope ledger oil wick bell stair gull anchor sail barrel window door stone candle boat net'.split(
    ' ',
  );
const manners = 'bright heavy broken silent crooked weary golden bitter narrow patient'.split(' ');
const deeds = 'keeps follows burns forgets carries drowns mends'.split(' ');

const scenesPerAct = 5;
const turnsPerScene = 18;

const random = prng(7);
const one = (list: readonly string[]): string => list[Math.floor(random() * list.length)]!;

function sentence([start, claim, whose, verb, how]: readonly string[]): string {
  const the = random() < 0.5 ? 'the' : whose!;
  const object = `${the} ${one(manners)} ${one(things)}`;
  const lines = [
    `${start} the ${one(things)} ${one(deeds)} ${object}`,
    `${claim} that ${object} ${verb} ${one(manners)}`,
    `${how} ${the} ${one(things)} ${one(deeds)} in the ${one(things)}`,
  ];
  const line = one(lines);
  return `${line[0]!.toUpperCase()}${line.slice(1)}.`;
}

function speech(name: string): string {
  const lines = Array.from({ length: 2 + Math.floor(random() * 10) }, () =>
    sentence(habits[name]!),
  );
  return `**${name}**  \n${lines.join('  \n')}\n`;
}

function scene(number: number): string {
  const names = Object.keys(habits);
  const turns = Array.from({ length: turnsPerScene }, (_, i) => speech(names[i % names.length]!));
  return `### SCENE ${['I', 'II', 'III', 'IV', 'V'][number]}. A quay.\n\n_Enter MARTA, BRUNO and ODILE_\n\n${turns.join('\n')}\n_Exeunt_\n`;
}

const acts = ['I', 'II'].map(
  (act) =>
    `## ACT ${act}\n\n${Array.from({ length: scenesPerAct }, (_, number) => scene(number)).join('\n')}`,
);

const play = parsePlay(new TextEncoder().encode(`# The Harbour\n\n${acts.join('\n')}`));

/** The third scene of each act is held out, the fifth is for thresholds. */
const split: SceneSplit = {
  folds: 5,
  partOf: (scene) => (scene.endsWith('.3') ? 'holdout' : scene.endsWith('.5') ? 'dev' : 'train'),
  foldOf: (scene) => Number(scene.split('.')[1]) - 1,
};

export const harbour: Source = {
  id: 'harbour',
  play,
  sha256: 'harbour',
  split,
};

/** The play with somebody as the one it is about. */
export function harbourOf(name: string): Source {
  const character = play.cast.find((member): member is CastMember => member.name === name);
  if (!character) throw new RangeError(`${name} is not in the play`);
  return { ...harbour, character };
}
