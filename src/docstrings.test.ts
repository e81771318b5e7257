import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const source = fileURLToPath(new URL('.', import.meta.url));
/** Folder → docstrings that may still break the rule: numbers that only shrink, until the file can go. */
const allowed = JSON.parse(
  readFileSync(join(source, '../.config/docstrings.json'), 'utf8'),
) as Readonly<Record<string, number>>;

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

/** Folder under src, or the file's own name → docstrings that break the rule, each with its file. */
function faultsByFolder(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).sort();
  for (const file of files.filter((name) => /\.ts$/.test(name) && name !== 'docstrings.test.ts')) {
    const faults = faultsIn(readFileSync(join(source, file), 'utf8'));
    const folder = file.split(/[\\/]/)[0]!;
    if (faults.length === 0) continue;
    found.set(folder, [
      ...(found.get(folder) ?? []),
      ...faults.map((text) => `src/${file}: ${text.slice(0, 90)}`),
    ]);
  }
  return found;
}

describe('A docstring', () => {
  it('has a first sentence that reads alone, in no fewer folders than before', () => {
    const worse = [...faultsByFolder()]
      .filter(([folder, faults]) => faults.length > (allowed[folder] ?? 0))
      .map(([folder, faults]) => ({ folder, allowed: allowed[folder] ?? 0, faults }));
    expect(worse).toEqual([]);
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
