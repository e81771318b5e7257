import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { HubEvent } from '../../hub/events.ts';
import { FetchProgress, type Terminal } from './progress.ts';

function fakeTerminal(env: Terminal['env'] = {}) {
  let written = '';
  let time = 0;
  const stream = new Writable({
    write(chunk, _, done) {
      written += chunk;
      done();
    },
  });
  const terminal: Terminal = { stream, env, now: () => time };
  return {
    terminal,
    lines: () => written.split('\n').filter(Boolean),
    pass: (ms: number) => (time += ms),
  };
}

const at = (bytes: number, more: object = {}): HubEvent => ({
  kind: 'fetch',
  what: 'hamlet',
  from: 'https://example.org',
  bytes,
  total: 100e6,
  ...more,
});

describe('FetchProgress', () => {
  it('prints a line for every tenth where there is no terminal', () => {
    const { terminal, lines, pass } = fakeTerminal();
    using progress = new FetchProgress(terminal);
    for (let percent = 0; percent <= 100; percent++) {
      progress.report(at(percent * 1e6));
      pass(500);
    }
    expect(lines()).toHaveLength(10);
    expect(lines()[4]).toBe('hamlet: 50 %  50.0 MB of 100.0 MB  2.0 MB/s  25 s left');
  });

  it('prints a line every half minute when it is slow', () => {
    const { terminal, lines, pass } = fakeTerminal();
    using progress = new FetchProgress(terminal);
    for (let second = 0; second <= 65; second++) {
      progress.report(at(second * 1000));
      pass(1000);
    }
    expect(lines()).toHaveLength(2);
  });

  it('prints nothing for what takes less than a second', () => {
    const { terminal, lines, pass } = fakeTerminal();
    using progress = new FetchProgress(terminal);
    for (let percent = 0; percent <= 100; percent++) {
      progress.report(at(percent * 1e6));
      pass(9);
    }
    expect(lines()).toEqual([]);
  });

  it('prints no progress under CI, but says what went wrong', () => {
    const { terminal, lines, pass } = fakeTerminal({ CI: 'true' });
    using progress = new FetchProgress(terminal);
    for (let percent = 0; percent <= 100; percent++) {
      progress.report(at(percent * 1e6));
      pass(1000);
    }
    progress.report({ kind: 'skip', what: 'hamlet', from: 'pypi:a==1', reason: 'no network' });
    expect(lines()).toEqual(['hamlet: pypi:a==1 failed (no network)']);
  });

  it('counts the rate from where it was resumed, and says so', () => {
    const { terminal, lines, pass } = fakeTerminal();
    using progress = new FetchProgress(terminal);
    progress.report(at(40e6, { resumedFrom: 40e6 }));
    pass(2000);
    progress.report(at(60e6, { resumedFrom: 40e6 }));
    expect(lines()).toEqual([
      'hamlet: 60 %  60.0 MB of 100.0 MB  10.0 MB/s  4 s left  (resumed at 40.0 MB)',
    ]);
  });

  it('does without a total', () => {
    const { terminal, lines, pass } = fakeTerminal();
    using progress = new FetchProgress(terminal);
    progress.report(at(0, { total: undefined }));
    pass(31_000);
    progress.report(at(31e6, { total: undefined }));
    expect(lines()).toEqual(['hamlet: 31.0 MB  1.0 MB/s']);
  });
});
