import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { WorkspaceEvent } from '../../workspace/workspace.ts';
import { OpeningProgress } from './opening-progress.ts';

/** A terminal or a pipe, and what is written to it. */
function opened(isTTY: boolean, CI = '') {
  let text = '';
  const stream = new Writable({
    write(piece, _, done) {
      text += piece;
      done();
    },
  });
  const terminal = { stream: Object.assign(stream, { isTTY }), env: { CI }, now: () => 0 };
  return { progress: new OpeningProgress(terminal), text: () => text };
}

/** What is written to a terminal, or to a pipe, while these events are reported. */
function written(events: readonly WorkspaceEvent[], isTTY: boolean, CI = ''): string {
  const { progress, text } = opened(isTTY, CI);
  for (const event of events) progress.report(event);
  progress[Symbol.dispose]();
  const before = text();
  for (const event of events) progress.report(event);
  expect(text(), 'nothing is written once it has ended').toBe(before);
  return before;
}

const embed = (done: number): WorkspaceEvent => ({
  kind: 'embed',
  title: 'Hamlet',
  done,
  total: 1184,
});
const control = (fraction: number): WorkspaceEvent => ({
  kind: 'control',
  character: 'Hamlet',
  fraction,
});

describe('What opening shows', () => {
  it('is one line for each thing through a pipe', () => {
    const text = written([embed(0), embed(32), embed(1184), control(0), control(1)], false);
    expect(text).toBe(
      'Reading Hamlet into memory: 1184 passages\n' +
        'Reading what Hamlet says and what others say, once\n',
    );
  });

  it('changes in place on a terminal, and is gone when it is over', () => {
    const clear = '\r\x1b[K';
    expect(written([embed(0), embed(32), embed(1184)], true)).toBe(
      `${clear}Reading Hamlet into memory: 0 of 1184 passages` +
        `${clear}Reading Hamlet into memory: 32 of 1184 passages${clear}`,
    );
  });

  it('begins on a terminal with what is opened, which gives way to whatever comes', () => {
    const { progress, text } = opened(true);
    progress.begin('Opening the model');
    progress.report({ kind: 'retry', what: 'hamlet', reason: 'too slow' });
    progress.begin('Opening the model');
    progress.clear();
    expect(text()).toBe(
      '\r\x1b[KOpening the model…\r\x1b[Khamlet: too slow; trying again\n' +
        '\r\x1b[KOpening the model…\r\x1b[K',
    );
    const piped = opened(false);
    piped.progress.begin('Opening the model');
    expect(piped.text()).toBe('');
  });

  it('is cleared when opening fails half way', () => {
    expect(written([control(0.4)], true).endsWith(': 40 %\r\x1b[K')).toBe(true);
  });

  it('is nothing under CI, but for what a person must know', () => {
    const rebuild: WorkspaceEvent = { kind: 'rebuild', title: 'Hamlet', reason: 'it is damaged' };
    expect(written([rebuild, embed(0)], false, '1')).toBe(
      'The index of Hamlet is made anew: it is damaged\n',
    );
  });
});
