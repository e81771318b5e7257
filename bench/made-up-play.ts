import { createHash } from 'node:crypto';
import type { Source } from '#dramatis/corpus/source.js';
import { prng } from '#dramatis/measure/statistics/prng.js';
import { parsePlay } from '#dramatis/play/parse.js';

const names = ['MARVA', 'TOLLO', 'ENDRIS', 'PAVEL'] as const;
const scenes = 20;
const speechesAScene = 24;
/** Scenes of an act. */
const ofAct = 5;

/**
 * A play that nobody wrote: four persons with a vocabulary each and one in common, of made-up words; one speech in ten is
 * long. The first says every third. Another seed is another play; twelve scenes are train, five dev, three held out.
 */
export function madeUpPlay(seed: number): Source {
  const random = prng(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const word = (): string =>
    Array.from(
      { length: 1 + Math.floor(random() * 2) },
      () => `${pick([...'bdfglmnprstv'])}${pick([...'aeiou'])}`,
    ).join('') + pick(['', 'n', 'r', 's', 'l']);
  const vocabulary = (size: number): string[] => Array.from({ length: size }, word);
  const common = vocabulary(30);
  const own = new Map(names.map((name) => [name, vocabulary(30)]));
  const speech = (name: (typeof names)[number]): string => {
    const least = random() < 0.1 ? 56 : 8;
    const length = least + Math.floor(random() * 9);
    const said = Array.from({ length }, () => pick(random() < 0.6 ? own.get(name)! : common)).join(
      ' ',
    );
    return `${said.charAt(0).toUpperCase()}${said.slice(1)}.`;
  };
  const lines = ['# The Invented Quay', ''];
  for (let scene = 0; scene < scenes; scene++) {
    if (scene % ofAct === 0)
      lines.push(`## ACT ${'I'.repeat(1 + scene / ofAct).replace('IIII', 'IV')}`, '');
    lines.push(
      `### SCENE ${['I', 'II', 'III', 'IV', 'V'][scene % ofAct]}. A quay.`,
      '',
      `_Enter ${names.join(', ')}_`,
      '',
    );
    for (let i = 0; i < speechesAScene; i++) {
      const name = i % 3 === 1 ? names[0] : pick(names.slice(1));
      lines.push(`**${name}**`, speech(name), '');
    }
    lines.push('_Exeunt_', '');
  }
  const text = lines.join('\n');
  const play = parsePlay(new TextEncoder().encode(text));
  const partOf = (scene: string) => {
    const nth = Number(scene.split('.')[1]);
    if (nth === 5 || scene === '4.4') return 'dev' as const;
    return nth === 4 ? ('holdout' as const) : ('train' as const);
  };
  const character = play.cast.find(({ name }) => name === names[0]);
  if (!character) throw new Error('the made-up play was not understood');
  return {
    id: 'the-invented-quay',
    play,
    sha256: createHash('sha256').update(text).digest('hex'),
    split: { folds: 5, partOf, foldOf: (scene) => Number(scene.split('.')[1]) - 1 },
    character,
  };
}
