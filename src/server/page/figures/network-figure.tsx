import { displayName } from '../../../play/cast/display-name.ts';
import type { StageState } from '../../../stage/state.ts';
import { hueOf } from '../parts/who.tsx';

const size = { width: 640, height: 420 };
const centre = { x: size.width / 2, y: size.height / 2 };
const radius = { x: 190, y: 140 };
/** Widest arrow, in units of the drawing. */
const widest = 9;

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

/** Who speaks after whom, as arrows between the speakers; the larger a circle, the more words. */
export function NetworkFigure({ state }: { state: StageState }) {
  const { turns, cast, figures } = state;
  const speakers = cast.filter((name) => turns.some(({ who }) => who === name));
  const edges = edgesOf(turns.map(({ who }) => who));
  if (edges.length === 0) return <p class="soft">Nobody has answered anybody yet.</p>;
  const most = Math.max(...edges.map(({ count }) => count));
  const at = new Map(
    speakers.map((name, i) => {
      const angle = (2 * Math.PI * i) / speakers.length - Math.PI;
      return [
        name,
        { x: centre.x + radius.x * Math.cos(angle), y: centre.y + radius.y * Math.sin(angle) },
      ];
    }),
  );
  const sizeOf = (name: string): number =>
    14 + 26 * Math.sqrt((figures.shares[name]?.words ?? 0) / Math.max(1, figures.words));
  const said = edges.map(
    ({ from, to, count }) => `${displayName(to)} after ${displayName(from)} ${count}`,
  );
  return (
    <svg
      class="network"
      viewBox={`0 0 ${size.width} ${size.height}`}
      role="img"
      aria-label={`Who speaks after whom: ${said.join(', ')}`}
    >
      {edges.map(({ from, to, count }) => (
        <Arrow
          key={`${from}-${to}`}
          from={at.get(from)!}
          to={at.get(to)!}
          gap={sizeOf(to)}
          width={1 + ((widest - 1) * count) / most}
          hue={hueOf(cast, from)}
          count={count}
        />
      ))}
      {speakers.map((name) => {
        const { x, y } = at.get(name)!;
        return (
          <g key={name} class={hueOf(cast, name)}>
            <circle cx={x} cy={y} r={sizeOf(name)} class="node" />
            <text
              x={x}
              y={y + (y < centre.y - 1 ? -sizeOf(name) - 8 : sizeOf(name) + 19)}
              class="node-name"
            >
              {displayName(name)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function edgesOf(speakers: readonly string[]): Edge[] {
  const counts = new Map<string, Edge>();
  for (const [i, to] of speakers.entries()) {
    const from = speakers[i - 1];
    if (from === undefined || from === to) continue;
    const key = `${from}\n${to}`;
    counts.set(key, { from, to, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

interface Point {
  readonly x: number;
  readonly y: number;
}

interface ArrowProps {
  readonly from: Point;
  readonly to: Point;
  /** Distance from the middle of what it points at to its head. */
  readonly gap: number;
  readonly width: number;
  readonly hue: string;
  readonly count: number;
}

/** A bow from one to the other, so that there and back are two. */
function Arrow({ from, to, gap, width, hue, count }: ArrowProps) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const side = { x: -dy / length, y: dx / length };
  const bow = 0.16 * length;
  const bend = {
    x: (from.x + to.x) / 2 + side.x * bow,
    y: (from.y + to.y) / 2 + side.y * bow,
  };
  const into = Math.hypot(to.x - bend.x, to.y - bend.y) || 1;
  const along = { x: (to.x - bend.x) / into, y: (to.y - bend.y) / into };
  const head = 5 + width;
  const tip = { x: to.x - along.x * (gap + 3), y: to.y - along.y * (gap + 3) };
  const neck = { x: tip.x - along.x * head, y: tip.y - along.y * head };
  const wing = { x: -along.y * head * 0.55, y: along.x * head * 0.55 };
  return (
    <g class={`arrow ${hue}`}>
      <path
        d={`M${from.x} ${from.y} Q${bend.x} ${bend.y} ${neck.x} ${neck.y}`}
        stroke-width={width}
      />
      <polygon
        points={`${tip.x},${tip.y} ${neck.x + wing.x},${neck.y + wing.y} ${neck.x - wing.x},${neck.y - wing.y}`}
      />
      <text
        x={(from.x + 2 * bend.x + to.x) / 4 + side.x * (9 + width / 2)}
        y={(from.y + 2 * bend.y + to.y) / 4 + side.y * (9 + width / 2) + 4}
      >
        {count}
      </text>
    </g>
  );
}
