import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { complete } from './complete.ts';

describe('completion', () => {
  it('knows the commands', () => {
    expect(complete(['ch'])).toEqual(['chat']);
    expect(complete([''])).toContain('doctor');
    expect(complete([])).toContain('doctor');
  });

  it('knows characters, also with a space or a quotation mark in the name', () => {
    expect(complete(['chat', 'lady mac'])).toEqual(['lady macbeth', 'lady macduff']);
    expect(complete(['chat', '"lady macb'])).toEqual(['lady macbeth']);
    expect(complete(['chat', 'lady\\ macb'])).toEqual(['lady macbeth']);
    expect(complete(['chat', 'HAML'])).toEqual(['hamlet']);
  });

  it('knows the options of a command, and the values they take', () => {
    expect(complete(['chat', 'hamlet', '--mod'])).toEqual(['--model']);
    expect(complete(['chat', 'hamlet', '--model', 'smol'])).toEqual(['smollm2-135m']);
    expect(complete(['chat', 'hamlet', '--steer', 'o'])).toEqual(['off', 'on']);
    expect(complete(['chat', 'hamlet', '--steer', 'ver'])).toEqual(['verse']);
    expect(complete(['eval', '--prompt', 'bri'])).toEqual(['brief']);
    expect(complete(['chat', 'hamlet', '--play', 'macb'])).toEqual(['macbeth']);
  });

  it('knows subcommands and the ids that can be fetched', () => {
    expect(complete(['bench', 'sp'])).toEqual(['speed']);
    expect(complete(['bench', 'con'])).toEqual(['context']);
    expect(complete(['eval', ''])).toEqual(['compare', 'items', 'power', 'report']);
    expect(complete(['pull', 'mini'])).toEqual(['minilm']);
    expect(complete(['completion', ''])).toEqual(['bash', 'fish', 'zsh']);
  });

  it('knows who may be in a scene, and the scenes that are kept', () => {
    expect(complete(['stage', 'hamlet', 'ophe'])).toEqual(['ophelia']);
    expect(complete(['stage', 're'])).toEqual(expect.arrayContaining(['replay', 'resume']));
    expect(complete(['stage', 'replay', '--ch'])).toEqual(['--check']);
    expect(complete(['stage', 'replay', 'latest', '--check', ''])).toEqual(['again', 'derive']);
    expect(complete(['stage', 'export', 'latest', '--to', 'f'])).toEqual(['fountain']);
    expect(complete(['stage', '--director', 'turn'])).toEqual(['turn-model']);
    const home = process.env.DRAMATIS_HOME;
    const at = mkdtempSync(join(tmpdir(), 'dramatis-complete-'));
    process.env.DRAMATIS_HOME = at;
    try {
      expect(complete(['stage', 'replay', ''])).toEqual([]);
      mkdirSync(join(at, 'conversations'));
      for (const name of ['a-1f2e3d.stage.jsonl', 'b-aabbcc.jsonl'])
        writeFileSync(join(at, 'conversations', name), '');
      expect(complete(['stage', 'replay', ''])).toEqual(['1f2e3d', 'latest']);
      expect(complete(['stage', 'diff', '1f'])).toEqual(['1f2e3d']);
    } finally {
      if (home === undefined) delete process.env.DRAMATIS_HOME;
      else process.env.DRAMATIS_HOME = home;
      rmSync(at, { recursive: true });
    }
  });

  it('has nothing to say about what it does not know', () => {
    expect(complete(['sing', 'a'])).toEqual([]);
    expect(complete(['chat', 'hamlet', '--seed', '7'])).toEqual([]);
  });
});
