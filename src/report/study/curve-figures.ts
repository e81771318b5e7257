import { areaY, dot, line, text } from '@observablehq/plot';
import type { LearningCurve } from '../../workspace/runs/learning-curve.ts';
import { chart } from '../page/chart.ts';
import { inRuns } from '../reinforce/curves.ts';
import { idOf, type Ledger, type Phrase, plain, say } from './ledger.ts';
import type { CurveSource, Figure } from './number-source.ts';
import { cutText } from './score-figures.ts';
import type { StudyData, StudyFileRef } from './study-data.ts';
import type { StudyFigure } from './study-figure.ts';
import { nameOf, shortName } from './study-shape.ts';

/** A page has room for so many trainings, in so many columns. */
const [mostPanels, columns] = [12, 3];
/** Points of the curve of what is learned: steps swing, so each is a mean. */
const points = 20;
/** All in pixels. */
const [panelHeight, headHeight] = [150, 24];

const texts = {
  loss: {
    name: 'learning-curves',
    title: 'Learning, step by step',
    axis: 'loss, nats a token',
    of: 'loss on dev scenes',
    isMore: false,
    why: 'The study has no training whose curve was kept.',
    command: 'dramatis train hamlet --out adapter.gguf --curve adapter.curve.json',
    caption: 'grey: the loss on what is learned, of which less is better,',
    heldOut: 'the loss on the dev scenes, which are not learned',
  },
  reward: {
    name: 'reward-curves',
    title: 'Rewards, step by step',
    axis: 'expected reward',
    of: 'expected reward of questions never learned',
    isMore: true,
    why: 'The study has no recipe that learns from rewards, or its curve was not kept.',
    command: 'dramatis reinforce choice --out taught.gguf --curve taught.curve.json',
    caption: 'grey: the reward of what is learned, of which more is better,',
    heldOut: 'the reward of questions that are never learned',
  },
} as const;

/** Every training of the study, or every learning from rewards: what is learned and what is held out, over steps. */
export function curveFigure(
  measure: LearningCurve['measure'],
  { trainings }: Pick<StudyData, 'trainings'>,
  ledger: Ledger,
): StudyFigure {
  const { name, title, why, command, axis, caption, heldOut } = texts[measure];
  const all = trainings.flatMap(({ task, curve }): Curve[] => {
    if (curve?.found.measure !== measure || curve.found.learned.length === 0) return [];
    const { model, character, recipe } = task.point;
    const who = [shortName(model), nameOf(character), recipe]
      .filter((one) => one !== '')
      .join(', ');
    return [{ run: task.label, who, ...curve }];
  });
  if (all.length === 0) return { kind: 'left out', name, title, why, command };
  const drawn = all.slice(0, mostPanels).map((curve, i) => ({
    ...{ curve, fx: i % columns, fy: Math.floor(i / columns) },
  }));
  const marks = drawn.flatMap(({ curve, fx, fy }) =>
    marksOf(curve, ledger).map((mark) => ({ ...mark, fx, fy })),
  );
  const ofLine = (of: CurveSource['of']) => marks.filter(({ source }) => source.of === of);
  const at = { fx: 'fx', fy: 'fy', x: 'step', y: 'value', z: 'run' } as const;
  const early = all.filter(({ found: { end } }) => end === 'early').length;
  const rows = Math.ceil(drawn.length / columns);
  return {
    ...{ kind: 'drawn', name },
    title: curveTitle(measure, all, ledger),
    caption: say`Blue: ${heldOut}, at every look; ${caption} a mean over steps that follow each other, with a pale band from the least to the greatest of them. The ring is the step that was kept, the best look: a training ends early when several looks in a row are no better${early === 0 ? ', which none did' : `, as ${early === all.length ? 'all' : 'some'} did`}. Where grey gets better and blue does not, what is learned is learned by heart.${cutText(drawn.length, all.length, 'trainings')} sha256: ${all
      .slice(0, mostPanels)
      .map(({ file }) => file.sha256.slice(0, 8))
      .join(', ')}.`,
    table: all.flatMap((curve) =>
      marksOf(curve, ledger).map(({ run, step, source, value, figure }) => ({
        ...{ training: run, line: source.of, from: source.from, to: step, value },
        ...{ low: figure.low, high: figure.high, n: figure.n, number: idOf(source) },
      })),
    ),
    svg: chart(`${axis} over steps: ${drawn.map(({ curve }) => curve.who).join('; ')}`, {
      ...{
        height: rows * panelHeight + 80,
        marginLeft: 56,
        marginRight: 14,
        marginTop: headHeight,
      },
      marginBottom: 40,
      x: { label: 'steps', labelAnchor: 'center', labelArrow: 'none', ticks: 4 },
      y: { label: axis, labelArrow: 'none', labelAnchor: 'center', grid: true, ticks: 5 },
      fx: { axis: null, padding: 0.08 },
      fy: { axis: null, padding: 0.24 },
      marks: [
        text(drawn, {
          ...{ fx: 'fx', fy: 'fy', text: ({ curve }) => curve.who, frameAnchor: 'top-left' },
          ...{ dy: -14, textAnchor: 'start', lineWidth: 22, textOverflow: 'ellipsis' },
        }),
        areaY(ofLine('learned'), {
          ...{ fx: 'fx', fy: 'fy', x: 'step', z: 'run', fill: 'var(--soft)', fillOpacity: 0.22 },
          y1: ({ figure }: CurveMark) => figure.low,
          y2: ({ figure }: CurveMark) => figure.high,
        }),
        line(ofLine('learned'), { ...at, stroke: 'var(--soft)' }),
        line(ofLine('held out'), { ...at, stroke: 'var(--accent)', strokeWidth: 2 }),
        dot(ofLine('held out'), { ...at, r: 2.5, fill: 'var(--accent)' }),
        dot(
          ofLine('held out').filter(({ isKept }) => isKept),
          { ...at, r: 6, stroke: 'var(--second)', strokeWidth: 1.8 },
        ),
      ],
    }),
  };
}

interface Curve {
  /** Label of the training. */
  readonly run: string;
  /** Model, character and recipe. */
  readonly who: string;
  readonly found: LearningCurve;
  readonly file: StudyFileRef;
}

interface CurveMark {
  readonly run: string;
  readonly step: number;
  readonly value: number;
  readonly source: CurveSource;
  readonly figure: Figure;
  /** Whether it is the look whose step was kept. */
  readonly isKept: boolean;
}

function marksOf({ run, found }: Curve, ledger: Ledger): CurveMark[] {
  const { learned, heldOut, kept } = found;
  const runs = inRuns(learned, Math.ceil(learned.length / points));
  const markOf = (of: CurveSource['of'], from: number, to: number): CurveMark => {
    const source: CurveSource = { kind: 'curve', run, of, from, to };
    const figure = ledger.figure(source);
    const isKept = of === 'held out' && to === kept;
    return { run, step: to, value: figure.value, source, figure, isKept };
  };
  return [
    ...runs.map((some) => markOf('learned', some[0]!.step, some.at(-1)!.step)),
    ...heldOut.map(({ step }) => markOf('held out', step, step)),
  ];
}

/** The training that gets better by most on what is held out, from its first look to the one that was kept. */
function curveTitle(
  measure: LearningCurve['measure'],
  all: readonly Curve[],
  ledger: Ledger,
): Phrase {
  const { of, isMore, title } = texts[measure];
  const gained = all.flatMap(({ run, who, found: { heldOut, kept } }) => {
    const [first, last] = [heldOut[0]?.step, kept ?? heldOut.at(-1)?.step];
    if (first === undefined || last === undefined || first === last) return [];
    const [before, after] = [first, last].map(
      (step): CurveSource => ({
        ...{ kind: 'curve', run, of: 'held out', from: step, to: step },
      }),
    );
    const change = ledger.figure(after!).value - ledger.figure(before!).value;
    return [{ who, before: before!, after: after!, gain: isMore ? change : -change }];
  });
  const [best] = gained.sort((a, b) => b.gain - a.gain || (a.who < b.who ? -1 : 1));
  if (!best) return plain(title);
  const most = gained.length > 1 ? ', more than any other training' : '';
  return say`Training takes the ${of} from ${ledger.value(best.before)} to ${ledger.value(best.after)} with ${best.who}${most} (n\u00a0=\u00a0${ledger.n(best.after)} ${measure === 'loss' ? 'rows' : 'questions'})`;
}
