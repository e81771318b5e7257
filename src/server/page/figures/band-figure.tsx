import { shareText } from '../parts/share.ts';
import type { BandEntry } from '../wire.ts';

/** Width of the drawing in its own units. */
const width = 100;

/** Each figure on a scale of its own: the plays' band, their mean, and the scene. */
export function BandFigure({ bands }: { bands: readonly BandEntry[] }) {
  return (
    <ul class="bands">
      {bands.map((band) => (
        <Row key={band.name} band={band} />
      ))}
    </ul>
  );
}

function Row({ band: { name, value, low, high, mean } }: { band: BandEntry }) {
  const least = Math.min(0, value, low);
  const most = Math.max(value, high, mean, 1e-9);
  const room = (most - least) * 0.06 || 1;
  const x = (at: number): number => ((at - least) / (most - least + room)) * width;
  const where = value < low ? 'below' : value > high ? 'above' : 'within';
  return (
    <li>
      <span class="band-name">{name}</span>
      <svg viewBox={`0 0 ${width} 10`} preserveAspectRatio="none" aria-hidden="true">
        <line x1={0} x2={width} y1={5} y2={5} class="scale" />
        <rect x={x(low)} width={Math.max(0.6, x(high) - x(low))} y={2} height={6} class="band" />
        <rect x={x(mean) - 0.2} width={0.4} y={1} height={8} class="mean" />
      </svg>
      <span
        class={`dot ${where}`}
        aria-hidden="true"
        style={{ '--at': `${(100 * x(value)) / width}%` }}
      />
      <span class="figure band-value">
        <b>{figure(value)}</b> <span class="soft">{where}</span>{' '}
        <span class="soft">
          {figure(low)}–{figure(high)}
        </span>
      </span>
    </li>
  );
}

const figure = (value: number): string =>
  Math.abs(value) <= 1 ? shareText(value) : value.toFixed(value < 10 ? 2 : 1);
