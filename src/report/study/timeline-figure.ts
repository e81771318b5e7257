import { barX, text, tickX } from '@observablehq/plot';
import type { ScriptTurn } from '../../eval/scenes/scene-script.ts';
import { displayName } from '../../play/cast/display-name.ts';
import { chart } from '../page/chart.ts';
import {
  drawnScene,
  type FirstScene,
  peopleOf,
  placeOf,
  type SceneTelling,
  withoutScene,
} from './first-scene.ts';
import { idOf, type Ledger, type Phrase, plain, say } from './ledger.ts';
import type { SaidSource } from './number-source.ts';
import { hashesOf } from './order-figure.ts';
import { cutText } from './score-figures.ts';
import type { SaidWhat } from './script-numbers.ts';
import type { StudyData } from './study-data.ts';
import type { StudyFigure } from './study-figure.ts';

/** All in pixels. */
const [laneHeight, panelGap, left, right] = [26, 26, 150, 20];

/** One scene as lanes: who speaks when and for how long, and what was recalled for it. */
export function timelineFigure({ scenes }: Pick<StudyData, 'scenes'>, ledger: Ledger): StudyFigure {
  const name = 'scene-timeline';
  const scene = drawnScene(scenes);
  if (!scene) return withoutScene(name, 'The timeline of a scene');
  const { tellings, people } = scene;
  const turns = tellings.flatMap((telling) => placed(telling));
  const drawn = turns.filter(({ who }) => people.includes(who));
  const end = Math.max(...turns.map(({ to }) => to));
  const panelHeight = laneHeight * people.length + panelGap;
  const at = {
    fy: ({ telling }: PlacedTurn) => telling.name,
    y: ({ who }: PlacedTurn) => displayName(who),
  };
  return {
    ...{ kind: 'drawn', name },
    title: timelineTitle(scene, ledger),
    caption: say`A bar is a turn, as long as it has words, in the lane of its speaker; each orange tick below it is a passage that the speaker was shown from memory before the turn. Drawn is the first scene at ${placeOf(scene)}, with the play’s own turns above; nobody picked it.${cutText(tellings.length - 1, scene.played.length, 'models')}${cutText(people.length, scene.speakers.length, 'speakers')} ${hashesOf(scene)}`,
    table: tellings.flatMap((telling) =>
      people.flatMap((who) => {
        const [said, words, recalled] = (['turns', 'words', 'recalled'] as const).map((what) =>
          saidSource(scene, telling, who, what),
        );
        return [said!, words!, recalled!].map((source) => {
          const { value, n } = ledger.figure(source);
          return {
            ...{ situation: scene.situation, scene: telling.name, who, what: source.what },
            ...{ value, 'of all': n, number: idOf(source) },
          };
        });
      }),
    ),
    svg: chart(
      `Timeline of ${placeOf(scene)}: ${people.map(displayName).join(', ')}; ${tellings.map((one) => one.name).join(', ')}`,
      {
        ...{ height: tellings.length * panelHeight + 70, marginLeft: left, marginRight: right },
        ...{ marginTop: 30, marginBottom: 40 },
        x: {
          domain: [0, end],
          label: 'words since the scene began',
          labelArrow: 'none',
          labelAnchor: 'center',
        },
        y: { domain: people.map(displayName), label: null, tickSize: 0, padding: 0.1 },
        fy: {
          domain: tellings.map((one) => one.name),
          axis: null,
          padding: panelGap / panelHeight,
        },
        marks: [
          text(tellings, {
            ...{ fy: 'name', text: 'name', frameAnchor: 'top-left', dy: -13, fontWeight: 'bold' },
            textAnchor: 'start',
          }),
          barX(drawn, {
            ...{ ...at, x1: 'from', x2: 'to', insetTop: 3, insetBottom: 9, insetLeft: 0.6 },
            ...{ fill: 'var(--accent)', title: spoken },
          }),
          tickX(drawn.flatMap(ticksOf(end)), {
            ...{ ...at, x: 'tick', insetTop: laneHeight - 10, insetBottom: 1 },
            ...{ stroke: 'var(--second)', strokeWidth: 1.6 },
          }),
        ],
      },
    ),
  };
}

interface PlacedTurn extends ScriptTurn {
  readonly telling: SceneTelling;
  readonly number: number;
  /** Words said before it, and with it. */
  readonly from: number;
  readonly to: number;
}

/** The turns of the first scene of a telling, each where it begins. */
function placed(telling: SceneTelling): PlacedTurn[] {
  let to = 0;
  return telling.scripts[0]!.turns.map((turn, i) => {
    const from = to;
    to += turn.words;
    return { ...turn, telling, number: i + 1, from, to };
  });
}

/** Ticks of a turn side by side, from where it begins. */
function ticksOf(end: number) {
  return (turn: PlacedTurn): (PlacedTurn & { readonly tick: number })[] =>
    (turn.recalled ?? []).map((_, i) => ({ ...turn, tick: turn.from + (end * (i + 0.8)) / 200 }));
}

/** What a pointer is shown of a turn. */
function spoken({ number, who, words, recalled = [] }: PlacedTurn): string {
  const places = recalled.map((place) => (place === '' ? 'a fact' : place)).join(', ');
  return `${number}. ${displayName(who)}, ${words} words${places ? `; recalled: ${places}` : ''}`;
}

const saidSource = (
  { task, situation }: FirstScene,
  { run, arm, scripts }: SceneTelling,
  who: string,
  what: SaidWhat,
): SaidSource => ({
  ...{ kind: 'said', run, task, arm, situation, which: scripts[0]!.which, who, what },
});

/** "1 passage", "8 turns": what a number of one speaker is of. */
const counted = (source: SaidSource, what: string, ledger: Ledger): Phrase =>
  say`${ledger.n(source)} ${what}${ledger.figure(source).n === 1 ? '' : 's'}`;

/** Who says most with the first model, and what the same person says in the play. */
function timelineTitle(scene: FirstScene, ledger: Ledger): Phrase {
  const [model] = scene.played;
  if (!model) return plain(`The timeline of ${placeOf(scene)}`);
  const wordsOf = (telling: SceneTelling, who: string): SaidSource =>
    saidSource(scene, telling, who, 'words');
  const [most] = [...scene.speakers].sort(
    (a, b) =>
      ledger.figure(wordsOf(model, b)).value - ledger.figure(wordsOf(model, a)).value ||
      (a < b ? -1 : 1),
  );
  const [own, printed] = [model, scene.printed].map((telling) => wordsOf(telling, most!));
  const turns = saidSource(scene, model, most!, 'turns');
  const recalled = saidSource(scene, model, most!, 'recalled');
  return say`In one scene of ${peopleOf(scene)}, as ${model.name} plays it, ${displayName(most!)} says ${ledger.value(own!, 'whole')} of ${ledger.n(own!)} words, and in the play ${ledger.value(printed!, 'whole')} of ${ledger.n(printed!)}; memory gives the speakers ${counted(recalled, 'passage', ledger)} (n\u00a0=\u00a0${counted(turns, 'turn', ledger)})`;
}
