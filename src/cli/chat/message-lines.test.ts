import { describe, expect, it } from 'vitest';
import { MessageLines } from './message-lines.ts';

/** The messages that these lines make; true: more of the same paste follows. */
function messagesOf(...lines: readonly (string | readonly [string, boolean])[]): string[] {
  const messages: string[] = [];
  let message = new MessageLines();
  for (const line of lines) {
    const [text, isPasted] = typeof line === 'string' ? [line, false] : line;
    if (!message.add(text, isPasted)) continue;
    messages.push(message.text);
    message = new MessageLines();
  }
  return messages;
}

describe('the lines of a message', () => {
  it('are one, unless it ends in a backslash', () => {
    expect(messagesOf('Who are you?', 'I am \\', 'a friend.', '')).toEqual([
      'Who are you?',
      'I am \na friend.',
      '',
    ]);
  });

  it('are all that came as one paste, empty ones included', () => {
    const letter = [['My lord,', true], ['', true], ['I come tonight.', true], 'Ophelia'] as const;
    expect(messagesOf(...letter, 'Well?')).toEqual([
      'My lord,\n\nI come tonight.\nOphelia',
      'Well?',
    ]);
  });

  it('do not end with the line break that the paste ended with', () => {
    expect(messagesOf(['My lord,', true], ['I come.', true], '')).toEqual(['My lord,\nI come.']);
  });

  it('are those between two """, as they are', () => {
    expect(messagesOf('"""', 'My lord,\\', '', '  I come.', '"""', 'Well?')).toEqual([
      'My lord,\\\n\n  I come.',
      'Well?',
    ]);
    expect(messagesOf('"""My lord,', 'I come."""')).toEqual(['My lord,\nI come.']);
    expect(messagesOf('"""My lord"""')).toEqual(['My lord']);
  });

  it('are a command alone, also in a paste', () => {
    expect(messagesOf(['/at 3.1', true], ['Who', true], 'are you?')).toEqual([
      '/at 3.1',
      'Who\nare you?',
    ]);
  });

  it('are words where a message between """ or with two slashes looks like a command', () => {
    expect(messagesOf('"""/at 3.1"""')).toEqual(['//at 3.1']);
    expect(messagesOf(['//at', true], 'noon')).toEqual(['//at\nnoon']);
  });
});
