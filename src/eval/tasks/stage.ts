import type { Source } from '../../corpus/source.ts';
import type { Metric } from '../../measure/metric.ts';
import type { Answer, Item, Row, Values } from '../../measure/row.ts';
import { prng, seedOf, shuffled } from '../../measure/statistics/prng.ts';
import { displayName, listOf } from '../../play/cast/display-name.ts';
import { isCollective } from '../../play/cast/label.ts';
import { sceneTurns, type Turn, type TurnScene } from '../../play/scene-turns.ts';
import { VISITOR } from '../../prompt/prompt.ts';
import { windowStart } from '../../prompt/window-start.ts';
import { itemId } from '../item-id.ts';
import type { Request, SceneTurn, Task } from '../task.ts';
import { summaries } from './summaries.ts';

export interface StageItem extends Item {
  /** Who is asked; on stage. */
  readonly asked: string;
  /** Whether this person is here is asked. */
  readonly person: string;
  readonly isHere: boolean;
  /** The person has spoken or been named on the page shown. */
  readonly wasSeen: boolean;
  /** The scene up to the moment, with directions in brackets. */
  readonly context: readonly SceneTurn[];
}

const name = 'stage';
/** A scene is asked about at no more moments than this. */
const momentsPerScene = 12;

const share = (metric: string): Metric<StageItem> => ({
  name: metric,
  unit: 'share',
  higherIsBetter: true,
  floor: 1 / 2,
  ceiling: 1,
});

/**
 * Who is here: at moments of a scene somebody on stage is asked whether a person of the scene is here now, as often of
 * one who is as of one who has left or is yet to come. Entrances and exits are on the page, in brackets.
 *
 * "Yes, Horatio is here." and "No, Horatio is not here." are scored, each less what it has when asked without the
 * page: models say yes. "raw" figures do not. Floor: .5, whoever always says yes (F1 .67) or knows nothing. On all of
 * Hamlet | Macbeth, yes to everyone seen on the page so far gets .80 | .73, and F1 .84 | .79. Ceiling: 1, as far as
 * the parser replays entrances and exits rightly.
 *
 * @see Ahn et al., "TimeChara", 2024, for presence as something that characters must know.
 */
export const stage: Task<StageItem> = {
  name,
  version: 1,
  summary: summaries.stage,
  metrics: [
    { ...share('balanced accuracy'), of: balanced('yes') },
    { ...share('F1'), floor: 2 / 3, of: f1 },
    { ...share('accuracy of who left'), isBinary: true },
    { ...share('raw balanced accuracy'), of: balanced('raw yes') },
  ],
  anchors: [
    { name: 'original', values: (item) => figures(item, Number(item.isHere)) },
    { name: 'seen so far', values: (item) => figures(item, Number(item.wasSeen)) },
    { name: 'always yes', values: (item) => figures(item, 1) },
    { name: 'empty', values: (item) => figures(item, 1 / 2) },
  ],
  invariants: [
    ['original', 'seen so far'],
    ['original', 'always yes'],
    ['original', 'empty'],
  ],
  items,
  unitOf: ({ scene }) => scene,
  requests: (item) => [ask(item, item.context), ask(item, [])],
  measure,
};

function items(source: Source): StageItem[] {
  return sceneTurns(source.play).flatMap((scene) => {
    const persons = [...new Set(scene.turns.flatMap(({ present }) => present))]
      .filter((person) => !isCollective(person))
      .sort();
    // One person is asked throughout a scene, so that what a model is told of them is read once.
    const asked = source.character?.name ?? mostPresent(scene.turns, persons);
    const random = prng(seedOf(source.sha256, name, scene.scene));
    return shuffled(momentsOf(scene, persons, asked), random)
      .slice(0, momentsPerScene)
      .sort((a, b) => a.at - b.at)
      .flatMap(({ at, here, away }): StageItem[] => {
        const context = pageUpTo(scene, at);
        const page = context.map(({ speaker, text }) => `${speaker} ${text}`).join(' ');
        const { place } = scene.turns[at]!;
        return [here, away].map((some) => {
          const person = some[Math.floor(random() * some.length)]!;
          return {
            id: itemId(source.sha256, stage, place, asked, person),
            task: name,
            scene: scene.scene,
            place,
            asked,
            person,
            isHere: some === here,
            wasSeen: page.toUpperCase().includes(person),
            context,
          };
        });
      });
  });
}

/** Who is on stage for most turns. */
function mostPresent(turns: readonly Turn[], persons: readonly string[]): string {
  const counts = persons.map((person) => ({
    person,
    count: turns.filter(({ present }) => present.includes(person)).length,
  }));
  return counts.sort((a, b) => b.count - a.count)[0]?.person ?? '';
}

interface Moment {
  /** The turn that has just been spoken. */
  readonly at: number;
  readonly here: readonly string[];
  readonly away: readonly string[];
}

/** Turns for which `asked` is on stage, not alone, and somebody of the scene is not. */
function momentsOf(
  { turns }: TurnScene,
  persons: readonly string[],
  asked: string,
): readonly Moment[] {
  const others = persons.filter((person) => person !== asked);
  return turns.flatMap(({ present, text, textOnStage }, at) => {
    const here = others.filter((person) => present.includes(person));
    const away = others.filter((person) => !present.includes(person));
    // While a turn is interrupted people come and go: it has no one answer.
    const tells = present.includes(asked) && textOnStage.includes(text);
    return tells && here.length > 0 && away.length > 0 ? [{ at, here, away }] : [];
  });
}

/**
 * The page up to the end of a turn, what happens after it not yet told. A window that does not begin with the scene
 * begins with who is on stage.
 */
function pageUpTo({ turns, opening }: TurnScene, at: number): SceneTurn[] {
  const start = windowStart(turns, at);
  const shown = turns.slice(start, at + 1).map(({ speaker, textOnStage }) => ({
    speaker,
    text: textOnStage,
  }));
  const [first, last] = [turns[start]!, turns[at]!];
  shown[shown.length - 1] = { speaker: last.speaker, text: last.text };
  const before = start === 0 ? opening : `[${listOf(first.present)} on stage]`;
  return shown.map((turn, i) =>
    i === 0 ? { ...turn, text: `${before} ${turn.text}`.trim() } : turn,
  );
}

function ask({ asked, person, scene }: StageItem, turns: readonly SceneTurn[]): Request {
  const who = displayName(person);
  const question = { speaker: VISITOR, text: `Is ${who} here on stage with you now?` };
  return {
    kind: 'score',
    context: { kind: 'scene', turns: [...turns, question], speaker: asked, at: scene },
    continuations: [`Yes, ${who} is here.`, `No, ${who} is not here.`],
  };
}

function measure(item: StageItem, [after, alone]: readonly Answer[]): Values {
  if (after?.kind !== 'score' || alone?.kind !== 'score') return {};
  const lean = ({ nats: [yes, no] }: typeof after): number => yes! - no!;
  return figures(item, saysYes(lean(after) - lean(alone)), saysYes(lean(after)));
}

function saysYes(lean: number): number {
  return lean === 0 ? 1 / 2 : Number(lean > 0);
}

/** @param yes Whether the answer is yes, or how probably. */
function figures({ isHere, wasSeen }: StageItem, yes: number, rawYes = yes): Values {
  return {
    yes,
    'raw yes': rawYes,
    accuracy: isHere ? yes : 1 - yes,
    ...(!isHere && wasSeen && { 'accuracy of who left': 1 - yes }),
  };
}

/** The mean of how often yes is said of who is here and no of who is not; NaN unless both are asked about. */
function balanced(value: 'yes' | 'raw yes') {
  return (rows: readonly Row<StageItem>[]): number => {
    const meanYes = (isHere: boolean): number => {
      const said = rows
        .filter(({ item }) => item.isHere === isHere)
        .map(({ values }) => values[value] ?? Number.NaN);
      return said.reduce((sum, yes) => sum + yes, 0) / said.length;
    };
    return (meanYes(true) + 1 - meanYes(false)) / 2;
  };
}

/** F1 of the persons said to be on stage, over all moments together. */
function f1(rows: readonly Row<StageItem>[]): number {
  let [right, said, here] = [0, 0, 0];
  for (const { item, values } of rows) {
    const yes = values.yes ?? Number.NaN;
    said += yes;
    here += Number(item.isHere);
    right += item.isHere ? yes : 0;
  }
  return (2 * right) / (said + here);
}
