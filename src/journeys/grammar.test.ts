import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundledGrammars } from '../steer/grammar/bundled-grammars.test.support.ts';
import { dramatis, folder, json } from './dramatis.ts';

interface Measured {
  readonly grammar: string;
  readonly identical: boolean;
  readonly difference?: string;
  readonly states: number;
  readonly ours_us: Readonly<Record<'p50' | 'mean' | 'p99', number>>;
  readonly stock_us: Readonly<Record<'p50' | 'mean' | 'p99', number>>;
}

const oath = `root ::= /3/ aye | nay
aye  ::= "Aye, my " ("lord" | "lady") ", " [a-z ,']{5,60} "."
nay  ::= "Nay. " aside
aside[temp=0.5] ::= "(" [a-z ]{3,30} ")"
%lexicon early +1 { thee thou hath }
%ban { okay }
`;

describe('weighted grammars, from the command line', () => {
  it('allow on the real vocabulary what llama.cpp allows, in its own grammars too', async () => {
    await using here = await folder();
    const files = await Promise.all(
      (await bundledGrammars()).map(async ({ name, text }) => {
        const path = join(here.path, name.replace('/', '-'));
        await writeFile(path, text);
        return path;
      }),
    );
    const rows = [
      ...(await json<Measured[]>(['bench', 'grammar'])),
      ...(await json<Measured[]>(['bench', 'grammar', ...files])),
    ];
    expect(rows.length).toBe(3 + files.length);
    for (const row of rows) {
      expect(row).toMatchObject({ identical: true });
      expect(row.states).toBeGreaterThan(4);
      expect(row.ours_us.p50).toBeGreaterThan(0);
    }
  });

  it('are checked, drawn and sampled', async () => {
    const check = await dramatis(['grammar', 'check', '-'], { input: 'root ::= "a" | b\n' });
    expect(check.code).toBe(2);
    expect(check.err).toContain('line 1, column 16: the rule "b" is not defined');
    expect(check.err).toContain('\n  root ::= "a" | b\n                 ^\n');
    expect((await dramatis(['grammar', 'explain', '-'], { input: oath })).out).toContain(
      '75 % aye',
    );
    const { out: svg } = await dramatis(['grammar', 'explain', '-', '--svg'], { input: oath });
    expect(svg).toMatch(/^<svg .*<\/svg>\n$/s);
    const sampled = await dramatis(
      ['grammar', 'sample', '-', '--n', '20', '--seed', '1', '--json'],
      {
        input: oath,
      },
    );
    const texts = JSON.parse(sampled.out) as { text: string; nats: number }[];
    expect(texts).toHaveLength(20);
    for (const { text, nats } of texts) {
      expect(text).toMatch(/^(Aye, my (lord|lady), [a-z ,']{5,60}\.|Nay\. \([a-z ]{3,30}\))$/);
      expect(nats).not.toBeNull();
    }
  });

  it('bind what a character answers', async () => {
    await using here = await folder();
    const file = join(here.path, 'oath.gbnf');
    await writeFile(file, oath);
    for (const seed of ['1', '2', '3']) {
      const { reply } = await json<{ reply: string }>([
        ...['chat', 'hamlet', '--say', 'Will you swear?', '--no-memory', '--seed', seed],
        ...['--grammar', file, '--strength', '1'],
      ]);
      expect(reply).toMatch(/^(Aye, my (lord|lady), |Nay\. \()/);
      expect(reply.toLowerCase()).not.toContain('okay');
    }
    const { code, err } = await dramatis([
      'chat',
      'hamlet',
      '--say',
      'Swear!',
      '--grammar',
      'none.gbnf',
    ]);
    expect([code, err]).toEqual([1, expect.stringContaining('there is no file none.gbnf')]);
  });
});
