import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Item, Values } from '../../measure/row.ts';
import { parsePlay } from '../../play/parse.ts';
import type { Play } from '../../play/play.ts';
import { answersBy, sourceOf } from '../../testing/plays/salt-road.ts';
import type { Request, Task } from '../task.ts';
import { address } from './address.ts';
import { addressee } from './addressee.ts';
import { cloze } from './cloze.ts';
import { cue } from './cue.ts';
import { next } from './next.ts';
import { stage } from './stage.ts';

const persons = ['ANNA', 'BERT', 'OLD CORA', 'ALL'];
const turn = fc.oneof(
  fc
    .tuple(
      fc.subarray(persons, { minLength: 1, maxLength: 2 }),
      fc.array(
        fc.constantFrom('the', 'mill', 'Anna,', 'Bert!', 'turns', 'at', 'dusk.', 'O', 'Cora'),
      ),
    )
    .map(([who, said]) => `**${who.join(' & ')}**  \nSo ${said.join(' ')}\n`),
  fc
    .tuple(fc.constantFrom('Enter', 'Exit'), fc.constantFrom(...persons.slice(0, 3)))
    .map(([move, who]) => `_${move} ${who}_\n`),
  fc.constant('_Exeunt_\n'),
);
const anyPlay: fc.Arbitrary<Play> = fc
  .array(fc.array(turn, { minLength: 1, maxLength: 25 }), { minLength: 1, maxLength: 4 })
  .map((scenes) =>
    parsePlay(
      new TextEncoder().encode(
        `# The Mill\n\n## ACT I\n\n${scenes
          .map(
            (turns, i) =>
              `### SCENE ${'I'.repeat(i + 1)}. A mill.\n\n**ANNA**  \nWell.\n\n${turns.join('\n')}`,
          )
          .join('\n\n')}`,
      ),
    ),
  );

const tasks = [cue, next, addressee, address, stage, cloze] as unknown as readonly Task[];

/** Every text whose likelihood a task and its anchors ask for. */
function continuations({ requests, anchors }: Task, item: Item): string[] {
  const all: Request[] = [
    ...requests(item),
    ...anchors.flatMap((one) => one.requests?.(item) ?? []),
  ];
  return all.flatMap((request) => (request.kind === 'score' ? request.continuations : []));
}

/** What a task makes of a subject that likes short texts. */
function valuesOf(task: Task, item: Item): Values {
  return task.measure(
    item,
    answersBy(task.requests(item), (text) => -text.length),
  );
}

describe('Tasks about scenes, on any play and for anybody in it', () => {
  const anybody = fc.constantFrom(undefined, ...persons);
  const anyItems = (task: Task): fc.Arbitrary<readonly Item[]> =>
    fc
      .tuple(anyPlay, anybody)
      .map(([play, character]) => task.items(sourceOf(play, character ? { character } : {})));

  for (const task of tasks) {
    it(`${task.name} has items that differ in their ids`, () => {
      fc.assert(
        fc.property(anyItems(task), (items) => {
          expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
        }),
        { numRuns: 60 },
      );
    });

    it(`${task.name} asks what can be answered, and measures it from 0 to 1`, () => {
      fc.assert(
        fc.property(anyItems(task), (items) => {
          for (const item of items) {
            for (const text of continuations(task, item)) expect(text.trim()).not.toBe('');
            const { 'lift over ABA': lift = 0, ...shares } = valuesOf(task, item);
            expect(Math.abs(lift)).toBeLessThanOrEqual(1);
            expect(Object.values(shares).filter((value) => !(value >= 0 && value <= 1))).toEqual(
              [],
            );
          }
        }),
        { numRuns: 60 },
      );
    });
  }
});
