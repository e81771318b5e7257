import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultyHome, flip } from './faulty-home.ts';

let whole: FaultyHome;
beforeAll(async () => {
  whole = await FaultyHome.make();
});
afterAll(() => whole[Symbol.dispose]());

interface Case {
  readonly what: string;
  readonly file: (home: FaultyHome) => string;
  /** Where in the file, as a share of it. */
  readonly at?: number;
  readonly command: (home: FaultyHome) => readonly string[];
  readonly code: number;
  /** What the command must say, on standard output or standard error. */
  readonly says: RegExp;
}

const cases: readonly Case[] = [
  {
    what: 'the embedding model',
    file: (faulty) => faulty.fetched('all-MiniLM-L6-v2.F16.gguf'),
    command: () => ['recall', 'hamlet', 'ghost', '--offline'],
    code: 1,
    says: /all-MiniLM-L6-v2\.F16\.gguf is damaged: its SHA-256 is/,
  },
  {
    what: 'a model',
    file: (faulty) => faulty.fetched('SmolLM2-135M-Instruct.Q4_1.gguf'),
    at: 0.9,
    command: () => ['chat', 'hamlet', '--say', 'Who?', '--no-memory', '--offline', '--gpu', 'off'],
    code: 1,
    says: /SmolLM2-135M-Instruct\.Q4_1\.gguf is damaged: its SHA-256 is/,
  },
  {
    what: 'a play',
    file: ({ file }) => file('plays/hamlet.md'),
    command: () => ['cast', 'hamlet', '--offline'],
    code: 1,
    says: /hamlet\.md is damaged: its SHA-256 is/,
  },
  {
    what: 'the note beside a play',
    file: ({ file }) => file('plays/hamlet.md.origin.json'),
    command: () => ['cast', 'hamlet', '--offline'],
    code: 0,
    says: /HAMLET/,
  },
  {
    what: 'a conversation',
    file: (faulty) => faulty.find('conversations', /jsonl$/),
    command: ({ talk }) => ['conversations', 'show', talk],
    code: 0,
    says: /line \d is damaged and was left out[\s\S]*You: (One|Two|Three)/,
  },
  {
    what: 'the weights of an adapter',
    file: (faulty) => faulty.find('adapters', /adapter\.gguf$/),
    command: () => ['adapters', 'verify'],
    code: 1,
    says: /adapter\.gguf is damaged/,
  },
  {
    what: 'the record of an adapter',
    file: (faulty) => faulty.find('adapters', /version\.json$/),
    command: () => ['adapters', 'verify'],
    code: 1,
    says: /version\.json is damaged/,
  },
  {
    what: 'the settings',
    file: (faulty) => faulty.find('config', /settings\.json$/),
    command: () => ['settings'],
    code: 0,
    says: /settings\.json.*(damaged|checksum|not JSON|not of the format)/,
  },
];

describe('One flipped bit', () => {
  for (const { what, file, at = 0.5, command, code, says } of cases)
    it(`in ${what} is noticed`, async () => {
      using faulty = whole.copy();
      if (what === 'the settings') await faulty.run(['use', 'gemma3-270m']);
      const path = file(faulty);
      flip(path, at);
      const ran = await faulty.run(command(faulty));
      const said = ran.err + ran.out;
      expect(said, basename(path)).toMatch(says);
      expect(said).not.toMatch(/\n\s+at /);
      expect(ran.code, said).toBe(code);
    });

  it('anywhere is found by doctor --deep', async () => {
    using faulty = whole.copy();
    const damaged = [
      faulty.file('plays/hamlet.md'),
      faulty.find('conversations', /jsonl$/),
      faulty.find('adapters', /adapter\.gguf$/),
    ];
    for (const path of damaged) flip(path);
    const { code, out } = await faulty.run(['doctor', '--deep']);
    for (const path of damaged) expect(out).toContain(`damaged    ${path} is damaged`);
    expect(code).toBe(1);
  });
});
