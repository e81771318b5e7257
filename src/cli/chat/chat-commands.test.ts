import { describe, expect, it } from 'vitest';
import { chatCommands, completeChatCommand, parseChatCommand } from './chat-commands.ts';

describe('a line in a conversation', () => {
  it('is said unless it begins with a slash', () => {
    expect(parseChatCommand('  Who is there? ')).toEqual({ kind: 'say', text: 'Who is there?' });
    expect(parseChatCommand('and/or')).toEqual({ kind: 'say', text: 'and/or' });
    expect(parseChatCommand('//at ease')).toEqual({ kind: 'say', text: '/at ease' });
    expect(parseChatCommand('   ')).toEqual({ kind: 'nothing' });
  });

  it('takes the argument of a command, where it has one', () => {
    expect(parseChatCommand('/at 3.1')).toEqual({ kind: 'at', place: '3.1' });
    expect(parseChatCommand('/AT')).toEqual({ kind: 'at', place: undefined });
    expect(parseChatCommand('/save my talk.md')).toEqual({ kind: 'save', file: 'my talk.md' });
    expect(parseChatCommand('/seed 12')).toEqual({ kind: 'seed', seed: '12' });
  });

  it('suggests the nearest command for a slip', () => {
    expect(parseChatCommand('/regn')).toEqual({
      kind: 'unknown',
      name: '/regn',
      nearest: '/regen',
    });
  });

  it('is understood for every command that /help lists', () => {
    for (const usage of Object.keys(chatCommands))
      expect(parseChatCommand(usage.split(' ')[0]!).kind).not.toBe('unknown');
  });

  it('is completed by Tab', () => {
    expect(completeChatCommand('/w')).toEqual([['/who', '/why'], '/w']);
    expect(completeChatCommand('w')).toEqual([[], 'w']);
  });
});
