import { displayName } from '../../../play/cast/display-name.ts';
import { hueOf } from '../parts/who.tsx';
import type { Measures } from '../wire.ts';

const size = { width: 640, height: 260, left: 48, right: 170, top: 14, bottom: 34 };
const thirds = ['first third', 'second third', 'last third'];
/** The scale is never finer than this, in nats a word: chance alone moves a few sentences so far. */
const leastReach = 0.3;

type VoiceLine = NonNullable<Measures['voice']>[number];

export interface VoiceFigureProps {
  readonly voice: readonly VoiceLine[];
  readonly cast: readonly string[];
}

/** The voice of each by third of the scene, around the line at which words are as likely from anybody. */
export function VoiceFigure({ voice, cast }: VoiceFigureProps) {
  const values = voice.flatMap((line) => pointsOf(line).map(({ value }) => value));
  const reach = Math.max(leastReach, ...values.map(Math.abs)) * 1.1;
  const x = (i: number): number =>
    size.left + (i * (size.width - size.left - size.right)) / (thirds.length - 1);
  const y = (value: number): number =>
    size.top + ((reach - value) / (2 * reach)) * (size.height - size.top - size.bottom);
  const said = voice.map(
    (line) => `${displayName(line.name)} ${line.thirds.map(valueText).join(', ')}`,
  );
  return (
    <svg
      class="voice"
      viewBox={`0 0 ${size.width} ${size.height}`}
      role="img"
      aria-label={`Voice by third, in nats a word: ${said.join('; ')}`}
    >
      <line class="chance" x1={size.left} x2={x(2)} y1={y(0)} y2={y(0)} />
      <text class="axis" x={size.left - 8} y={y(0) + 4} text-anchor="end">
        0
      </text>
      {thirds.map((label, i) => (
        <text key={label} class="axis" x={x(i)} y={size.height - 10} text-anchor="middle">
          {label}
        </text>
      ))}
      {apart(voice.map((line) => ({ line, at: y(pointsOf(line).at(-1)?.value ?? 0) }))).map(
        ({ line, at }) => (
          <g key={line.name} class={`voice-line ${hueOf(cast, line.name)}`}>
            <polyline
              points={pointsOf(line)
                .map(({ third, value }) => `${x(third)},${y(value)}`)
                .join(' ')}
            />
            {pointsOf(line).map(({ third, value }) => (
              <circle key={third} cx={x(third)} cy={y(value)} r={4} />
            ))}
            <text x={x(2) + 14} y={at + 4}>
              {displayName(line.name)} {valueText(pointsOf(line).at(-1)?.value ?? null)}
            </text>
          </g>
        ),
      )}
    </svg>
  );
}

/** Thirds in which somebody said anything. */
function pointsOf({ thirds: values }: VoiceLine) {
  return values.flatMap((value, third) => (value === null ? [] : [{ third, value }]));
}

/** Labels one below the other, where they would lie on each other. */
function apart<T extends { readonly at: number }>(labels: readonly T[]): T[] {
  const lineHeight = 17;
  let last = Number.NEGATIVE_INFINITY;
  return [...labels]
    .sort((a, b) => a.at - b.at)
    .map((label) => {
      last = Math.max(label.at, last + lineHeight);
      return { ...label, at: last };
    });
}

function valueText(value: number | null): string {
  if (value === null) return '–';
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2).replace(/^0/, '')}`;
}
