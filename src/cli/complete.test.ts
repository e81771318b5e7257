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
    expect(complete(['eval', ''])).toEqual(['compare', 'items', 'report']);
    expect(complete(['pull', 'mini'])).toEqual(['minilm']);
    expect(complete(['completion', ''])).toEqual(['bash', 'fish', 'zsh']);
  });

  it('has nothing to say about what it does not know', () => {
    expect(complete(['sing', 'a'])).toEqual([]);
    expect(complete(['chat', 'hamlet', '--seed', '7'])).toEqual([]);
  });
});
