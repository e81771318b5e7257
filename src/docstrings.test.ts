import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const source = fileURLToPath(new URL('.', import.meta.url));
/** First words that have no referent in a tooltip, where a docstring is read without the code around it. */
const unanchored = /^(Of|The same|As|Them|They|It|Its)\b/;
/** "Told" for shown, reported or distinguished; what a character was told is another thing. */
const toldForShown = /\b(told (apart|as|by|from)|tells? (apart|from))\b/;

/** The text of a docstring without its stars, on one line. */
const plain = (comment: string): string =>
  comment
    .replace(/^\/\*\*|\*\/$|^\s*\*/gm, '')
    .replace(/\s+/g, ' ')
    .trim();

const firstSentence = (text: string): string => /^.*?[.:](?=\s|$)/.exec(text)?.[0] ?? text;

function faultsIn(code: string): string[] {
  const texts = [...code.matchAll(/\/\*\*[\s\S]*?\*\//g)].map(([comment]) => plain(comment));
  return texts.filter((text) => unanchored.test(text) || toldForShown.test(firstSentence(text)));
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && name !== 'docstrings.test.ts')
  .sort();

describe('A docstring', () => {
  it('has a first sentence that reads alone', () => {
    const faults = files.flatMap((file) =>
      faultsIn(readFileSync(join(source, file), 'utf8')).map(
        (text) => `src/${file}: ${text.slice(0, 90)}`,
      ),
    );
    expect(faults).toEqual([]);
  });

  it('is found wherever its stars stand', () => {
    expect(faultsIn('/** Of whom? */ const a = 1;\n/**\n * The same\n * again.\n */')).toHaveLength(
      2,
    );
    expect(faultsIn('  /** Runs a step. Of one kind. */\n// Of no kind.\n/* As is. */')).toEqual(
      [],
    );
    expect(faultsIn('/** Offers nothing. */ /** Ask. */ /** Item. */')).toEqual([]);
    expect(faultsIn('/** Words by which voices are told apart. */')).toHaveLength(1);
    expect(faultsIn('/** What a character was told before a place. */')).toEqual([]);
  });
});
