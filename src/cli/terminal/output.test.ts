import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Output } from './output.ts';
import { paintFor } from './paint.ts';

/** Sets a colour and the title of the window, C1's way to clear the screen, and turns what follows round. */
const hostile = '\x1b[31mred\x1b]0;title\x07 \x9b2J \u202eevil\u2069 \ufdde';
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const commands = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef]/;

/** Whatever writes past `Output`, and the escape itself, however it is spelt. */
const writes = /\bconsole\.\w+\(|\bstd(?:out|err)\.(?:write|end)\(|\\x1b|\\u001b|\\u\{1b\}/i;

// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const sequences = /\x1b\[\d+m/g;

/** What is written to a stream, be it a terminal. */
function written(isTTY: boolean, print: (output: Output) => void): string {
  let all = '';
  print(new Output(() => ({ write: (text) => (all += text), isTTY }), {}));
  return all;
}

describe('Output', () => {
  it('writes out what could command a terminal, in lines, in pieces and in files shown on one', () => {
    for (const print of [
      (output: Output) => output.line(hostile),
      (output: Output) => output.text(hostile),
      (output: Output) => output.file(hostile),
    ]) {
      expect(written(true, print)).not.toMatch(commands);
      expect(written(true, print)).toContain('\\x1b[31mred');
    }
    expect(written(false, (output) => output.line(hostile))).not.toMatch(commands);
  });

  it('gives a file byte for byte where it is not shown', () => {
    expect(written(false, (output) => output.file(hostile))).toBe(hostile);
  });

  it('escapes in JSON, whose value stays what it was', () => {
    for (const print of [
      (output: Output) => output.json({ [hostile]: hostile }),
      (output: Output) => output.jsonLine({ [hostile]: hostile }),
    ]) {
      const text = written(true, print);
      expect(text).not.toMatch(commands);
      expect(JSON.parse(text)).toEqual({ [hostile]: hostile });
    }
  });

  it('shows the styles of a painted text, and no other, on a terminal alone', () => {
    const paint = paintFor({ isTTY: true }, {});
    const text = `${paint('bold', hostile)} ${paint(['bold', 'cyan'], 'name')}`;
    const shown = written(true, (output) => output.line(text));
    expect(shown).toContain('\x1b[1m\x1b[36mname\x1b[39m\x1b[22m');
    expect(shown.replaceAll(sequences, '')).not.toMatch(commands);
    expect(written(false, (output) => output.line(text))).not.toMatch(commands);
    // A text that has a mark of ours is bold to the end of its line, and that is all.
    expect(written(true, (output) => output.line('\ufdd0Bold'))).toBe('\x1b[1mBold\x1b[0m\n');
  });
});

describe('Nothing but Output', () => {
  it('writes to standard output or standard error', () => {
    const source = fileURLToPath(new URL('../..', import.meta.url));
    const places = readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((name) => /(?<!\.d)\.ts$/.test(name) && !/\.test\.|^testing\/|^journeys\//.test(name))
      .filter((name) => {
        const text = readFileSync(join(source, name), 'utf8').replaceAll(
          /^\s*(\/\/|\*|\/\*).*$/gm,
          '',
        );
        return writes.test(text);
      });
    expect(places.sort()).toEqual(['cli/terminal/output.ts', 'cli/terminal/terminal-text.ts']);
  });
});
