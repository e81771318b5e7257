import { barX, gridX, ruleX, text } from '@observablehq/plot';
import { chart } from '../page/chart.ts';
import { figureText } from '../speed/text.ts';
import { idOf, type Ledger, type Phrase, say } from './ledger.ts';
import type { Figure, SpeedSource } from './number-source.ts';
import type { StudyData, TimedModel } from './study-data.ts';
import type { StudyFigure } from './study-figure.ts';
import { shortName } from './study-shape.ts';

interface Rate {
  readonly model: string;
  readonly name: string;
  readonly what: string;
  readonly source: SpeedSource;
  readonly figure: Figure;
}

/** Tokens a second of each model: reading, generating and training. */
export function speedFigure({ speeds }: Pick<StudyData, 'speeds'>, ledger: Ledger): StudyFigure {
  const name = 'speed';
  const rates = speeds.flatMap((timed) => ratesOf(timed, ledger));
  if (rates.length === 0)
    return {
      ...{ kind: 'left out', name, title: 'Speed' },
      why: 'The study timed no model.',
      command: 'dramatis bench speed train --out speed.json',
    };
  const least = Math.min(...rates.map(({ figure }) => figure.value));
  return {
    ...{ kind: 'drawn', name },
    title: speedTitle(rates, ledger),
    caption: say`Medians, on a logarithmic axis: each step is ten times the one before. pp512: a prompt of 512 tokens is read; tg128: 128 tokens are generated. ${machineText(speeds)}`,
    table: rates.map(({ model, what, source, figure: { value, low, high, n } }) => ({
      ...{ model, what, unit: 'tokens/s', value, least: low, greatest: high, n },
      number: idOf(source),
    })),
    svg: chart(
      `Tokens a second: ${rates.map(({ name: one, figure }) => `${one} ${figureText(figure.value)}`).join('; ')}`,
      {
        ...{ height: 60 + 26 * rates.length, marginLeft: 260, marginRight: 70, marginBottom: 40 },
        x: {
          type: 'log',
          label: 'tokens/s',
          labelArrow: 'none',
          domain: [axisStart(least), Math.max(...rates.map(({ figure }) => figure.value))],
          ticks: 4,
          tickFormat: (x: number) => x.toLocaleString('en'),
        },
        y: { label: null, tickSize: 0, domain: rates.map(({ name: one }) => one) },
        marks: [
          gridX({ stroke: 'var(--rule)', strokeOpacity: 1 }),
          barX(rates, {
            ...{ x1: () => axisStart(least), x2: ({ figure }: Rate) => figure.value, y: 'name' },
            ...{ fill: 'var(--accent)', insetTop: 4, insetBottom: 4 },
          }),
          ruleX([axisStart(least)], { stroke: 'var(--ink)' }),
          text(rates, {
            ...{ x: ({ figure }: Rate) => figure.value, y: 'name', dx: 6, textAnchor: 'start' },
            text: ({ figure }: Rate) => figureText(figure.value),
          }),
        ],
      },
    ),
  };
}

/** The power of ten below: a bar on a logarithmic axis has no zero to begin at. */
const axisStart = (least: number): number => 10 ** Math.floor(Math.log10(least) - 0.01);

/** Whether a row is a rate that the figure draws. */
export const isRate = ({ unit, at }: TimedModel['speed']['rows'][number]): boolean =>
  unit === 'tokens/s' && Object.keys(at).length === 0;

function ratesOf({ task, speed }: TimedModel, ledger: Ledger): Rate[] {
  const model = shortName(speed.model.name);
  return speed.rows
    .filter(isRate)
    .map(({ bench, what }) => {
      const source: SpeedSource = { kind: 'speed', run: task.label, bench, what, at: {} };
      return { model, what, name: `${model}, ${what}`, source, figure: ledger.figure(source) };
    })
    .filter(({ figure }) => figure.value > 0);
}

function speedTitle(rates: readonly Rate[], ledger: Ledger): Phrase {
  const generated = rates.filter(({ what }) => what.startsWith('tg'));
  const [first, last] = [generated[0] ?? rates[0]!, generated.at(-1)];
  const rateOf = ({ model, source }: Rate): Phrase =>
    say`${model} ${ledger.withInterval(source, 'rate')} tokens a second (n\u00a0=\u00a0${ledger.n(source)} ${ledger.figure(source).n === 1 ? 'run' : 'runs'})`;
  const verb = generated.length > 0 ? 'Generating:' : `${first.what}:`;
  return last && last.model !== first.model
    ? say`${verb} ${rateOf(first)}, ${rateOf(last)}`
    : say`${verb} ${rateOf(first)}`;
}

function machineText(speeds: readonly TimedModel[]): string {
  const [first] = speeds;
  if (!first) return '';
  const { machine, versions } = first.speed;
  return `${machine.cpu}, ${first.speed.threads} threads; dramatis ${versions.dramatis}, ${versions.commit}.`;
}
