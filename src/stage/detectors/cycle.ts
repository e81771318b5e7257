import { type Detector, lookBack, type SceneSoFar } from './detector.ts';
import { changesSubject } from './echo.ts';

const warmerBy = 0.15;
const warmerTurns = 3;

/**
 * How alike in meaning the last two turns are to turns before them, as cosines: then words are drawn at a higher temperature,
 * then the real scene's next direction happens, and at last the scene ends. Nothing without vectors.
 */
export const cycle: Detector = {
  name: 'cycle',
  quietTurns: warmerTurns,
  read(scene) {
    const { length } = scene.attempts;
    const last = nearest(scene, length - 1);
    const before = nearest(scene, length - 2);
    if (last === undefined || before === undefined) return undefined;
    return { value: Math.min(last, before), who: scene.attempts.at(-1)!.who };
  },
  act({ directions = [] }, { who }, before) {
    if (before === 0) return { do: 'temperature', by: warmerBy, turns: warmerTurns };
    if (before === 1) return { do: 'note', text: directions[0] ?? changesSubject(who!) };
    return { do: 'end', reason: 'loop' };
  },
};

/** The highest cosine of a turn to those from two to eight turns before it; undefined if one has no vector. */
function nearest({ attempts, vectorOf }: SceneSoFar, at: number): number | undefined {
  const own = attempts[at] && vectorOf?.(attempts[at].n);
  if (!own) return undefined;
  const cosines = attempts
    .slice(Math.max(0, at - lookBack), Math.max(0, at - 1))
    .flatMap(({ n }) => {
      const other = vectorOf?.(n);
      return other ? [cosine(own, other)] : [];
    });
  return cosines.length === 0 ? undefined : Math.max(...cosines);
}

function cosine(a: Float32Array, b: Float32Array): number {
  let product = 0;
  let ofA = 0;
  let ofB = 0;
  for (const [i, x] of a.entries()) {
    const y = b[i]!;
    product += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  return ofA === 0 || ofB === 0 ? 0 : product / Math.sqrt(ofA * ofB);
}
