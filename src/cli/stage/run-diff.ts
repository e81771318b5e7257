import { diffScenes, type SceneDiff } from '../../stage/diff.ts';
import type { StageTurn } from '../../stage/state.ts';
import { output } from '../terminal/output.ts';
import { printable } from '../terminal/terminal-text.ts';
import { openScene } from './open-scene.ts';
import { plainLine, sceneLine } from './scene-lines.ts';

interface DiffRequest {
  readonly scene: string;
  readonly other: string;
  readonly json: boolean;
}

/** `dramatis stage diff` */
export async function runDiff({ scene, other, json }: DiffRequest): Promise<void> {
  const [a, b] = [await openScene(scene), await openScene(other)];
  const diff = diffScenes(a.state, b.state);
  if (json) output.json({ a: a.id, b: b.id, ...diff });
  else output.line(printable(diffText(diff, a.id, b.id)));
}

function diffText({ settings, turns, first }: SceneDiff, a: string, b: string): string {
  const rows = settings.map((one) => `${one.name}: ${one.a || 'none'} | ${one.b || 'none'}`);
  const said = (turn: StageTurn | undefined): string => {
    const line = turn && sceneLine(turn, () => turn.who);
    return line ? plainLine(line) : '–';
  };
  const pairs = turns.slice(first === -1 ? turns.length : first).flatMap((pair, i) => {
    const number = `turn ${first + i + 1}`;
    if (pair.isSame) return [`${number}  both    ${said(pair.a)}`];
    return [
      `${number}  ${a}  ${said(pair.a)}`,
      `${' '.repeat(number.length)}  ${b}  ${said(pair.b)}`,
    ];
  });
  const same =
    first === -1
      ? [`All ${turns.length} turns are the same.`]
      : [`The first ${first} turns are the same.`];
  return [...rows, ...same, ...pairs].join('\n');
}
