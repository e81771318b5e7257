import { describe, expect, it } from 'vitest';
import { PageText } from './page-text.ts';

describe('A page', () => {
  const bare = new PageText(
    (_, text) => text,
    () => 40,
  );
  const marked = new PageText(
    (style, text) => `<${[style].flat().join('+')}>${text}</>`,
    () => 200,
  );

  it('keeps within the columns of the terminal, with all words in order', () => {
    const text =
      'I counted seven ships upon the bar, and not one of them had a light at the mast head.';
    const lines = bare.lines({ kind: 'turn', who: 'OLD HUGO', text });
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(line.length).toBeLessThan(40);
    expect(lines.map((line) => line.trim()).join(' ')).toBe(`OLD HUGO. ${text}`);
    for (const line of lines.slice(1)) expect(line).toMatch(/^ {4}\S/);
  });

  it('gives each name a colour of its own and prints it in bold beside', () => {
    const first = (who: string): string => marked.lines({ kind: 'turn', who, text: 'So.' })[0]!;
    expect(first('MARTA')).toBe('<bold+cyan>MARTA.</><dim></> So.');
    expect(first('OLD HUGO')).toContain('<bold+yellow>OLD HUGO.</>');
    expect(first('MARTA')).toContain('bold+cyan');
    expect(marked.lines({ kind: 'direction', text: 'A bell.' })).toEqual(['    <dim>[A bell.]</>']);
  });

  it('writes out what could command the terminal', () => {
    expect(bare.lines({ kind: 'turn', who: 'MARTA', text: '\x1b[2J' })[0]).not.toContain('\x1b');
  });
});
