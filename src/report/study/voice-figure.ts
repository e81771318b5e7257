import { dot, line, link, ruleY, text } from '@observablehq/plot';
import { chart } from '../page/chart.ts';
import { type Ledger, type Phrase, plain, say } from './ledger.ts';
import {
  countOf,
  marksOf,
  modelsOf,
  rowOf,
  type SceneMark,
  thirds,
  withoutScenes,
} from './scene-figures.ts';
import type { StudyData } from './study-data.ts';
import type { StudyFigure } from './study-figure.ts';

const panels = [
  { task: 'duet', title: 'conversations of two' },
  { task: 'quartet', title: 'conversations of four' },
] as const;
/** Labels at the ends of lines are so far apart at least: a share of the axis. */
const labelStep = 0.075;
const playsName = 'the plays';

/** Whether voices stay apart from the first third of a scene to the last: a line a model, and one for the plays. */
export function voiceFigure({ scenes }: Pick<StudyData, 'scenes'>, ledger: Ledger): StudyFigure {
  const name = 'voices-over-time';
  const drawn = panels.map((panel) => ({
    panel,
    marks: marksOf(panel.task, thirds, scenes, ledger),
  }));
  const marks = drawn.flatMap((one) => one.marks);
  if (marks.length === 0) return withoutScenes(name, 'Voices over time', 'quartet');
  const points = drawn.flatMap((one) => pointsOf(one.panel.title, one.marks));
  const shownPanels = panels.filter(({ title }) => points.some(({ panel }) => panel === title));
  const at = { fx: 'panel', x: 'third', y: 'value' } as const;
  const ofPlays = points.filter(({ isOfPlays }) => isOfPlays);
  const ofModels = points.filter(({ isOfPlays }) => !isOfPlays);
  return {
    ...{ kind: 'drawn', name, table: marks.map(rowOf) },
    title: voiceTitle(marks, ledger),
    caption: say`Each line is a model, from the first third of a scene to the last; the broken one is the plays’ own turns at the same places, the pale bars are where eight in ten of the plays’ conversations lie. Up is the share of the others in the scene whose voice the words fit less than their speaker’s: 1 is a voice of its own, and at 0.5 nobody could tell who speaks. A line that falls is of voices that grow alike. The CSV has the intervals. ${modelsOf(marks)}`,
    svg: chart('Voice in the first and in the last third of scenes', {
      ...{ height: 360, marginLeft: 60, marginRight: 170, marginTop: 44, marginBottom: 36 },
      fx: { domain: shownPanels.map(({ title }) => title), axis: null, padding: 0.45 },
      x: {
        ...{ type: 'point', domain: ['first third', 'last third'], padding: 0.16 },
        ...{ label: null, tickSize: 0 },
      },
      y: {
        ...{ domain: [0, 1], grid: true, labelArrow: 'none', labelAnchor: 'center' },
        label: 'share of the others whose voice fits less',
      },
      marks: [
        ruleY([0.5], { stroke: 'var(--ink)', strokeWidth: 0.8 }),
        text(shownPanels, {
          ...{ fx: 'title', text: 'title', frameAnchor: 'top', dy: -26, fontWeight: 'bold' },
        }),
        link(bandsOf(drawn), {
          ...{ fx: 'panel', x: 'third', y1: 'low', y2: 'high' },
          ...{ stroke: 'var(--rule)', strokeWidth: 22 },
        }),
        line(ofPlays, {
          ...{ ...at, z: 'key', stroke: 'var(--second)', strokeWidth: 1.6, strokeDasharray: '5,4' },
        }),
        dot(ofPlays, {
          ...{ ...at, r: 5, symbol: 'diamond', stroke: 'var(--second)', fill: 'var(--paper)' },
        }),
        line(ofModels, { ...at, z: 'key', stroke: 'var(--accent)', strokeWidth: 2 }),
        dot(ofModels, { ...at, r: 4.5, fill: 'var(--accent)' }),
        text(labelled(points), { ...at, text: 'key', dx: 34, textAnchor: 'start' }),
      ],
    }),
  };
}

interface VoicePoint {
  readonly panel: string;
  readonly third: string;
  /** Name of the line. */
  readonly key: string;
  readonly value: number;
  readonly isOfPlays: boolean;
}

const thirdOf = ({ source }: SceneMark): string => source.measure.replace('voice, ', '');

/** A point of each mark, and one of the plays' own turns: of the model with most situations, since each has its own. */
function pointsOf(panel: string, marks: readonly SceneMark[]): VoicePoint[] {
  const [widest] = [...marks].sort((a, b) => (b.original?.n ?? 0) - (a.original?.n ?? 0));
  return marks.flatMap((mark): VoicePoint[] => {
    const at = { panel, third: thirdOf(mark) };
    const own = { ...at, key: mark.model, value: mark.figure.value, isOfPlays: false };
    const { original } = mark;
    if (!original || mark.source.run !== widest?.source.run) return [own];
    return [own, { ...at, key: playsName, value: original.value, isOfPlays: true }];
  });
}

/** Where the plays lie, once for each third: the band is of the plays alone, and the same beside each model. */
function bandsOf(drawn: readonly { panel: { title: string }; marks: readonly SceneMark[] }[]) {
  return drawn.flatMap(({ panel, marks }) =>
    [...new Map(marks.map((mark) => [thirdOf(mark), mark.band]))].flatMap(([third, band]) =>
      band ? [{ panel: panel.title, third, low: band[0], high: band[1] }] : [],
    ),
  );
}

/** Names at the right ends of the lines, each clear of the one below it. */
function labelled(points: readonly VoicePoint[]): VoicePoint[] {
  return panels.flatMap(({ title }) => {
    const ends = points
      .filter(({ panel, third }) => panel === title && third === 'last third')
      .sort((a, b) => a.value - b.value);
    let above = Number.NEGATIVE_INFINITY;
    return ends.map((end) => {
      above = Math.max(end.value, above + labelStep);
      return { ...end, value: above };
    });
  });
}

function voiceTitle(marks: readonly SceneMark[], ledger: Ledger): Phrase {
  const first = marks[0]!;
  const { run, task } = first.source;
  const last = marks.find(
    ({ source }) => source.task === task && source.run === run && source.measure === thirds[1],
  );
  const end = say`(n\u00a0=\u00a0${countOf(first.source, ledger)}); 0.5 is no voice at all`;
  const people = plain(task === 'duet' ? 'two' : 'four');
  return last
    ? say`From the first third of a conversation of ${people} to the last the voices of ${first.model} go from ${ledger.withInterval(first.source)} to ${ledger.withInterval(last.source)} ${end}`
    : say`In the first third of a conversation of ${people} the voices of ${first.model} are apart by ${ledger.withInterval(first.source)} ${end}`;
}
