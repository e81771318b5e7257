import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** A folder imports only from groups to its left, never from its own group or a later one. */
const order = [
  ['errors.ts', 'median.ts'],
  ['store', 'play', 'gguf'],
  ['hub', 'engine', 'registry'],
  ['prompt', 'steer', 'memory'],
  ['corpus'],
  ['measure'],
  ['train', 'actor'],
  ['stage'],
  ['eval'],
  ['reinforce'],
  ['workspace'],
  ['sweep'],
  ['report'],
  ['server'],
  ['cli'],
];
const rank = new Map(order.flatMap((group, i) => group.map((folder) => [folder, i] as const)));
/** The public API, the journeys and what tests share stand outside the order: they may use everything. */
const isFree = (folder: string): boolean =>
  /^(index|[a-z-]+\.test)\.ts$/.test(folder) || ['journeys', 'testing'].includes(folder);
/** What is never published: tests, and what only tests may import. */
const isForTests = (file: string): boolean =>
  /\.test\./.test(file) || ['journeys', 'testing'].includes(folderOf(file));

const source = fileURLToPath(new URL('.', import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((f) =>
  /\.tsx?$/.test(f),
);
const textOf = (file: string): string => readFileSync(join(source, file), 'utf8');
const importsIn = (file: string, text: string): string[] =>
  [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) =>
    relative(source, join(source, file, '..', match[1]!)),
  );
const imports = (file: string): string[] => importsIn(file, textOf(file));
const typeImport = /import type [^;]*;|import \{(?:\s*type \w+(?: as \w+)?,?)*\s*\} from [^;]*;/g;
/** Imports that are there when the program runs: of something else than types. */
const valueImports = (file: string): string[] =>
  importsIn(file, textOf(file).replace(typeImport, ''));
/** Value imports that are there before anything of the file runs. */
const firstImports = (file: string): string[] =>
  importsIn(
    file,
    textOf(file)
      .replace(typeImport, '')
      .replace(/\bimport\s*\(/g, '('),
  );
const folderOf = (file: string): string => file.split('/')[0]!;

describe('layers', () => {
  it('name every folder under src', () => {
    const unknown = files.map(folderOf).filter((f) => !rank.has(f) && !isFree(f));
    expect(unknown).toEqual([]);
  });

  it('are imported from left to right only', () => {
    const wrong = files
      .filter((file) => !isFree(folderOf(file)))
      .flatMap((file) =>
        imports(file)
          .filter((target) => folderOf(target) !== folderOf(file))
          .filter((target) => folderOf(target) !== 'testing')
          .filter((target) => !(rank.get(folderOf(target))! < rank.get(folderOf(file))!))
          .map((target) => `${file} imports ${target}`),
      );
    expect(wrong).toEqual([]);
  });

  it('let a command line be read before what its commands need is loaded', () => {
    const loaded = new Set(['cli/command-line.ts']);
    for (const file of loaded) for (const target of firstImports(file)) loaded.add(target);
    const heavy = [
      'engine/native.ts',
      'engine/compute.ts',
      'play/parse.ts',
      'workspace/dramatis.ts',
    ];
    expect(heavy.filter((file) => !files.includes(file))).toEqual([]);
    expect(heavy.filter((file) => loaded.has(file))).toEqual([]);
    expect(loaded.size).toBeLessThan(150);
  });

  it('keep what is not published out of what is', () => {
    const wrong = files
      .filter((file) => !isForTests(file))
      .flatMap((file) =>
        imports(file)
          .filter(isForTests)
          .map((target) => `${file} imports ${target}`),
      );
    expect(wrong).toEqual([]);
  });

  it("keep the addon's contract within engine", () => {
    const wrong = files
      .filter((file) => folderOf(file) !== 'engine')
      .filter((file) => imports(file).includes('engine/native.ts'));
    expect(wrong).toEqual([]);
  });

  it('let no command open a model, a play or the registry by itself', () => {
    const opened = [
      ...['hub/plays.ts', 'hub/models.ts', 'engine/model.ts'],
      ...['registry/registry.ts', 'memory/memory.ts'],
    ];
    const wrong = files
      .filter((file) => folderOf(file) === 'cli' && !isForTests(file))
      .flatMap((file) =>
        valueImports(file)
          .filter((target) => opened.includes(target))
          .map((target) => `${file} imports ${target}`),
      );
    expect(wrong).toEqual([]);
  });

  it('let nothing but commands write to a terminal', () => {
    const wrong = files
      .filter((file) => folderOf(file) !== 'cli' && !isForTests(file))
      .filter((file) => /\bconsole\.|process\.std(?:in|out|err)\b/.test(textOf(file)));
    expect(wrong).toEqual([]);
  });

  it('let only engine/native.ts load the addon', () => {
    const loaders = files.filter((file) => /createRequire\(|process\.dlopen/.test(textOf(file)));
    expect(loaders.filter((file) => file !== 'layers.test.ts')).toEqual(['engine/native.ts']);
  });

  it('hold what the benches import, whatever an older build left in dist', () => {
    const bench = join(source, '../bench');
    const missing = readdirSync(bench)
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) =>
        [...readFileSync(join(bench, file), 'utf8').matchAll(/'#dramatis\/([^']+)\.js'/g)].map(
          ([, path]) => `${path}.ts`,
        ),
      )
      .filter((path) => !files.includes(path));
    expect(missing).toEqual([]);
  });
});
