import { displayName } from '../../../play/cast/display-name.ts';
import { shareText } from '../parts/share.ts';
import { hueOf } from '../parts/who.tsx';
import type { Measures } from '../wire.ts';

const size = { width: 640, height: 260, left: 44, right: 150, top: 12, bottom: 34 };
const thirds = ['first third', 'second third', 'last third'];

export interface VoiceFigureProps {
  readonly voice: NonNullable<Measures['voice']>;
  readonly cast: readonly string[];
}

/** The voice of each by third of the scene. */
export function VoiceFigure({ voice, cast }: VoiceFigureProps) {
  const values = voice.flatMap((line) => line.thirds);
  const least = Math.min(0.4, ...values);
  const most = Math.max(0.8, ...values);
  const x = (i: number): number =>
    size.left + (i * (size.width - size.left - size.right)) / (thirds.length - 1);
  const y = (value: number): number =>
    size.height -
    size.bottom -
    ((value - least) / (most - least)) * (size.height - size.top - size.bottom);
  const said = voice.map(
    (line) => `${displayName(line.name)} ${line.thirds.map(shareText).join(', ')}`,
  );
  return (
    <svg
      class="voice"
      viewBox={`0 0 ${size.width} ${size.height}`}
      role="img"
      aria-label={`Voice by third: ${said.join('; ')}`}
    >
      <line class="chance" x1={size.left} x2={x(2)} y1={y(0.5)} y2={y(0.5)} />
      <text class="axis" x={size.left - 8} y={y(0.5) + 4} text-anchor="end">
        .5
      </text>
      {thirds.map((label, i) => (
        <text key={label} class="axis" x={x(i)} y={size.height - 10} text-anchor="middle">
          {label}
        </text>
      ))}
      {voice.map((line) => (
        <g key={line.name} class={`voice-line ${hueOf(cast, line.name)}`}>
          <polyline points={line.thirds.map((value, i) => `${x(i)},${y(value)}`).join(' ')} />
          {line.thirds.map((value, i) => (
            <circle key={i} cx={x(i)} cy={y(value)} r={4} />
          ))}
          <text x={x(line.thirds.length - 1) + 10} y={y(line.thirds.at(-1) ?? 0.5) + 4}>
            {displayName(line.name)} {shareText(line.thirds.at(-1) ?? 0)}
          </text>
        </g>
      ))}
    </svg>
  );
}
