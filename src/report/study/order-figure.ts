import { cell, text } from '@observablehq/plot';
import { displayName } from '../../play/cast/display-name.ts';
import { letters } from '../bench/run.ts';
import { chart } from '../page/chart.ts';
import {
  drawnScene,
  type FirstScene,
  peopleOf,
  placeOf,
  printedArm,
  type SceneTelling,
  withoutScene,
} from './first-scene.ts';
import { idOf, type Ledger, type Phrase, plain, say } from './ledger.ts';
import type { OrderSource, PairSource } from './number-source.ts';
import { cutText } from './score-figures.ts';
import type { StudyData } from './study-data.ts';
import type { StudyFigure } from './study-figure.ts';

/** All in pixels. */
const [rowHeight, left, top] = [34, 170, 64];

/** Who speaks after whom in the first situation of the study: the play's own turns beside those of each model. */
export function orderFigure({ scenes }: Pick<StudyData, 'scenes'>, ledger: Ledger): StudyFigure {
  const name = 'who-after-whom';
  const scene = drawnScene(scenes);
  if (!scene) return withoutScene(name, 'Who speaks after whom');
  const { tellings, people } = scene;
  const keys = new Map(people.map((who, i) => [who, letters(i).toLowerCase()]));
  const rowOf = (who: string): string => `${keys.get(who)}  ${displayName(who)}`;
  const cells = tellings.flatMap((telling) => cellsOf(scene, telling, people, ledger));
  const most = Math.max(Number.EPSILON, ...cells.map(({ share }) => share));
  const opacity = ({ share }: PairCell): number =>
    share === 0 ? 0.05 : 0.12 + 0.78 * (share / most);
  const axis = { tickSize: 0, label: null } as const;
  return {
    ...{ kind: 'drawn', name },
    title: orderTitle(scene, ledger),
    caption: say`A cell counts how often the one of its column speaks right after the one of its row; the stronger the colour, the larger the share of all such pairs. Drawn is ${placeOf(scene)}, the first situation of the study, which nobody picked. The distance in the title is over all situations: 0 if each pair is as frequent as in the play, 1 if no pair is common to both.${yardstick(scene, ledger)}${cutText(tellings.length - 1, scene.played.length, 'models')}${cutText(people.length, scene.speakers.length, 'speakers')} ${hashesOf(scene)}`,
    table: cells.map(({ telling, first, next, source, value, n }) => ({
      ...{ situation: scene.situation, scenes: telling.name, first, next },
      ...{ value, 'after the first': n, number: idOf(source) },
    })),
    svg: chart(
      `Who speaks after whom in ${placeOf(scene)}: ${tellings.map((one) => one.name).join(', ')}`,
      {
        ...{ height: top + 12 + rowHeight * people.length, padding: 0 },
        ...{ marginLeft: left, marginTop: top, marginBottom: 12, marginRight: 10 },
        fx: { ...axis, domain: tellings.map((one) => one.name), padding: 0.12, axis: null },
        x: { ...axis, domain: people.map((who) => keys.get(who)!), axis: 'top' },
        y: { ...axis, domain: people.map(rowOf) },
        marks: [
          text(tellings, {
            ...{ fx: 'name', text: 'name', frameAnchor: 'top-left', dy: -38, fontWeight: 'bold' },
            textAnchor: 'start',
          }),
          cell(cells, {
            ...{ fx: ({ telling }: PairCell) => telling.name, inset: 1.5, fill: 'var(--accent)' },
            ...{
              x: ({ next }: PairCell) => keys.get(next),
              y: ({ first }: PairCell) => rowOf(first),
            },
            fillOpacity: opacity,
          }),
          text(cells, {
            ...{
              fx: ({ telling }: PairCell) => telling.name,
              text: ({ value }: PairCell) => `${value}`,
            },
            ...{
              x: ({ next }: PairCell) => keys.get(next),
              y: ({ first }: PairCell) => rowOf(first),
            },
            fill: (one: PairCell) => (opacity(one) > 0.7 ? 'var(--paper)' : 'var(--ink)'),
          }),
        ],
      },
    ),
  };
}

interface PairCell {
  readonly telling: SceneTelling;
  readonly first: string;
  readonly next: string;
  readonly source: PairSource;
  readonly value: number;
  readonly n: number;
  /** The part it makes of all pairs of speakers in the telling. */
  readonly share: number;
}

function cellsOf(
  { task, situation }: FirstScene,
  telling: SceneTelling,
  people: readonly string[],
  ledger: Ledger,
): PairCell[] {
  const { run, arm } = telling;
  const found = people.flatMap((first) =>
    people.map((next) => {
      const source: PairSource = { kind: 'pair', run, task, arm, situation, first, next };
      const { value, n } = ledger.figure(source);
      return { telling, first, next, source, value, n };
    }),
  );
  const all = found.reduce((sum, { value }) => sum + value, 0);
  return found.map((one) => ({ ...one, share: all > 0 ? one.value / all : 0 }));
}

function orderTitle({ task, played, ...scene }: FirstScene, ledger: Ledger): Phrase {
  const people = peopleOf({ task });
  const [first, ...rest] = played.map(({ run, arm, name }) => {
    const source: OrderSource = { kind: 'order', run, task, arm, against: printedArm };
    return { name, source };
  });
  if (!first) return plain(`Who speaks after whom in ${placeOf(scene)}`);
  const of = ({ name, source }: typeof first): Phrase =>
    say`${ledger.withInterval(source)} with ${name} (n\u00a0=\u00a0${ledger.n(source)} ${ledger.figure(source).n === 1 ? 'situation' : 'situations'})`;
  const last = rest.at(-1);
  const end = last ? say`, and by ${of(last)}` : plain('');
  return say`Who speaks after whom in conversations of ${people} differs from the play by ${of(first)}${end}; 0 is as in the play, 1 is nothing alike`;
}

/** How far the play's own turns are from themselves in an order drawn by lot: what a distance is to be compared with. */
function yardstick({ task, printed: { run } }: FirstScene, ledger: Ledger): Phrase {
  const source: OrderSource = {
    ...{ kind: 'order', run, task, arm: 'shuffled', against: printedArm },
  };
  if (!ledger.has(source)) return plain('');
  return say` The play’s own turns in an order drawn by lot differ from it by ${ledger.withInterval(source)}, as a scene has so few turns.`;
}

/** The models that scenes were played by, with the first digits of their hashes. */
export const hashesOf = ({ played }: Pick<FirstScene, 'played'>): Phrase =>
  plain(`sha256: ${played.map(({ name, hash }) => `${name} ${hash}`).join(', ')}.`);
