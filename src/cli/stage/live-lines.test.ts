import { describe, expect, it } from 'vitest';
import { Output } from '../terminal/output.ts';
import { LiveLines } from './live-lines.ts';

/** What a terminal shows that was written to: it knows line feeds, carriage returns, moving up and wiping what follows. */
function shown(written: string): string[] {
  const lines = [''];
  let [row, column] = [0, 0];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal is sent
  for (const [part] of written.matchAll(/\x1b\[\d*[AJ]|[\s\S]/g)) {
    const up = /\[(\d+)A/.exec(part);
    if (up) row -= Number(up[1]);
    else if (part.endsWith('J') && part.startsWith('\x1b')) {
      lines[row] = lines[row]!.slice(0, column);
      lines.length = row + 1;
    } else if (part === '\r') column = 0;
    else if (part === '\n') [row, column] = [row + 1, 0];
    else lines[row] = (lines[row] ?? '').slice(0, column++) + part;
    lines[row] ??= '';
  }
  return lines;
}

describe('The last lines of a terminal', () => {
  it('change while what was printed above them stays', () => {
    let written = '';
    const live = new LiveLines(
      new Output(() => ({ write: (text) => (written += text), rows: 10 })),
    );
    live.draw(['turn 1']);
    live.draw(['MARTA. I co', '', 'turn 1']);
    live.draw(['MARTA. I counted', '    seven', '', 'turn 1']);
    live.draw(['turn 1']); // struck
    live.print(['[A bell.]', '']);
    live.draw(['MARTA. Two', 'turn 2']);
    live.print(['MARTA. Two.']);
    expect(shown(written)).toEqual(['[A bell.]', '', 'MARTA. Two.', 'MARTA. Two', 'turn 2']);
    live.clear();
    expect(shown(written)).toEqual(['[A bell.]', '', 'MARTA. Two.', '']);
  });

  it('are never more than the window has', () => {
    let written = '';
    const live = new LiveLines(new Output(() => ({ write: (text) => (written += text), rows: 3 })));
    live.draw(['a', 'b', 'c', 'd']);
    live.draw(['e']);
    expect(shown(written)).toEqual(['e']);
  });
});
