import { describe, expect, it } from 'vitest';
import type { Recorded, StageEvent } from '../../stage/events.ts';
import { stateOf } from '../../stage/state.ts';
import { openEvent } from '../../testing/stage-scene.ts';
import { LiveLines } from './live-lines.ts';
import { actorsOf, logLine } from './log-line.ts';
import { PageText } from './page-text.ts';
import { endText, plainLine, sceneLine } from './scene-lines.ts';
import { statsOf, statsText } from './scene-stats.ts';
import { shortName, statusLine } from './status-line.ts';
import { wishOf } from './wishes.ts';

const both = ['MARTA', 'OLD HUGO'];
const events: readonly StageEvent[] = [
  openEvent,
  { kind: 'enter', who: both, by: 'situation' },
  {
    ...{
      kind: 'next',
      candidates: both,
      probabilities: [0.39, 0.61],
      drawn: 0.2,
      by: 'turn-model',
    },
    ...{ chosen: 'OLD HUGO', to: 'MARTA' },
  },
  {
    ...{
      kind: 'view',
      who: 'OLD HUGO',
      hash: 'a',
      tokens: 100,
      reused: 90,
      dropped: 0,
      heard: [2],
    },
    recalled: [{ place: '1.1.9', text: 'The wick burns.' }],
  },
  {
    ...{ kind: 'struck', who: 'OLD HUGO', text: 'Marta: hm', tokens: [1], seed: 1 },
    ...{ guard: 'label', detail: 'a label' },
  },
  {
    ...{ kind: 'turn', who: 'OLD HUGO', playedBy: 'model', to: 'MARTA', heard: both },
    ...{
      text: 'The wind\nhas a new voice.',
      tokens: [1, 2, 3, 4, 5],
      ms: { first: 100, all: 200 },
    },
  },
  { kind: 'turn', who: 'MARTA', playedBy: 'human', isAside: true, heard: ['MARTA'], text: 'So.' },
];
const records = events.map(
  (event, i): Recorded => ({ n: i + 1, time: '2026-01-02T03:04:05Z', ...event }),
);
const state = stateOf(records);
const lineOf = (n: number) => sceneLine(records[n - 1]!, () => 'MARTA')!;

describe('A line of a scene', () => {
  it('has who speaks, to whom, and the words on one line; directions stand in brackets', () => {
    expect(plainLine(lineOf(6))).toBe('OLD HUGO [To Marta]. The wind has a new voice.');
    expect(plainLine(lineOf(7))).toBe('MARTA [Aside]. So.');
    expect(plainLine(lineOf(2))).toBe('[Enter Marta and Old Hugo.]');
    const note: Recorded = {
      n: 9,
      time: '',
      kind: 'note',
      text: '[A bell.]',
      by: 'human',
      heard: both,
    };
    expect(plainLine(sceneLine(note, () => '')!)).toBe('[A bell.]');
    const edit: Recorded = { n: 9, time: '', kind: 'edit', of: 7, text: 'Well.' };
    expect(plainLine(sceneLine(edit, () => 'MARTA')!)).toBe('MARTA. Well. [edited]');
    expect(sceneLine(records[4]!, () => '')).toBeUndefined(); // what is struck is on no page
  });

  it('says why a scene ended', () => {
    expect(endText('loop', 1, 'repeat')).toBe('after 1 turn: it went in circles (repeat)');
  });
});

describe('A page', () => {
  const bare = new PageText(
    (_, text) => text,
    () => 40,
  );
  const marked = new PageText(
    (style, text) => `<${[style].flat().join('+')}>${text}</>`,
    () => 200,
  );

  it('keeps within the columns of the terminal, with all words in order', () => {
    const text =
      'I counted seven ships upon the bar, and not one of them had a light at the mast head.';
    const lines = bare.lines({ kind: 'turn', who: 'OLD HUGO', text });
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(line.length).toBeLessThan(40);
    expect(lines.map((line) => line.trim()).join(' ')).toBe(`OLD HUGO. ${text}`);
    for (const line of lines.slice(1)) expect(line).toMatch(/^ {4}\S/);
  });

  it('gives each name a colour of its own and prints it in bold beside', () => {
    const first = (who: string): string => marked.lines({ kind: 'turn', who, text: 'So.' })[0]!;
    expect(first('MARTA')).toBe('<bold+cyan>MARTA.</><dim></> So.');
    expect(first('OLD HUGO')).toContain('<bold+yellow>OLD HUGO.</>');
    expect(first('MARTA')).toContain('bold+cyan');
    expect(marked.lines({ kind: 'direction', text: 'A bell.' })).toEqual(['    <dim>[A bell.]</>']);
  });

  it('writes out what could command the terminal', () => {
    expect(bare.lines({ kind: 'turn', who: 'MARTA', text: '\x1b[2J' })[0]).not.toContain('\x1b');
  });
});

/** What a terminal shows that was written to: it knows line feeds, carriage returns, moving up and wiping what follows. */
function shown(written: string): string[] {
  const lines = [''];
  let [row, column] = [0, 0];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal is sent
  for (const [part] of written.matchAll(/\x1b\[\d*[AJ]|[\s\S]/g)) {
    const up = /\[(\d+)A/.exec(part);
    if (up) row -= Number(up[1]);
    else if (part.endsWith('J') && part.startsWith('\x1b')) {
      lines[row] = lines[row]!.slice(0, column);
      lines.length = row + 1;
    } else if (part === '\r') column = 0;
    else if (part === '\n') [row, column] = [row + 1, 0];
    else lines[row] = (lines[row] ?? '').slice(0, column++) + part;
    lines[row] ??= '';
  }
  return lines;
}

describe('The last lines of a terminal', () => {
  it('change while what was printed above them stays', () => {
    let written = '';
    const live = new LiveLines({ write: (text) => (written += text), rows: 10 });
    live.draw(['turn 1']);
    live.draw(['MARTA. I co', '', 'turn 1']);
    live.draw(['MARTA. I counted', '    seven', '', 'turn 1']);
    live.draw(['turn 1']); // struck
    live.print(['[A bell.]', '']);
    live.draw(['MARTA. Two', 'turn 2']);
    live.print(['MARTA. Two.']);
    expect(shown(written)).toEqual(['[A bell.]', '', 'MARTA. Two.', 'MARTA. Two', 'turn 2']);
    live.clear();
    expect(shown(written)).toEqual(['[A bell.]', '', 'MARTA. Two.', '']);
  });

  it('are never more than the window has', () => {
    let written = '';
    const live = new LiveLines({ write: (text) => (written += text), rows: 3 });
    live.draw(['a', 'b', 'c', 'd']);
    live.draw(['e']);
    expect(shown(written)).toEqual(['e']);
  });
});

describe('The status line', () => {
  const view = { recalled: [{ place: '1.3.99', text: '' }] };

  it('says which turn it is, who may be next, the speed, what is recalled and what was struck', () => {
    const line = statusLine(state, { struck: 1, view }, 200);
    expect(line).toBe(
      'turn 3 of 24 · next Hugo .61, Marta .39 · 40 tokens/s · recalled 1.3.99 · 1 struck',
    );
  });

  it('leaves out what has no room, and never more than that', () => {
    for (const width of [20, 40, 60, 80])
      expect(statusLine(state, { struck: 1, view }, width).length).toBeLessThanOrEqual(width);
    expect(statusLine(state, { struck: 0 }, 20)).toBe('turn 3 of 24');
  });

  it('says how to go on from a pause', () => {
    const paused = stateOf([...records, { n: 8, time: '', kind: 'pause', by: 'human' }]);
    expect(statusLine(paused, { struck: 0 }, 79)).toMatch(
      /^paused after turn 2 of 24 · Space goes on/,
    );
  });

  it('calls people by their last name where it is theirs alone', () => {
    const cast = ['QUEEN GERTRUDE', 'MACBETH', 'LADY MACBETH', 'FIRST CLOWN', 'SECOND CLOWN'];
    expect(cast.map((name) => shortName(name, cast))).toEqual([
      'Gertrude',
      'Macbeth',
      'Lady Macbeth',
      'First Clown',
      'Second Clown',
    ]);
  });
});

describe('A log', () => {
  it('has a line for each event, with what it was made from', () => {
    expect(records.map(logLine)).toEqual([
      '   1  03:04:05  open    The Lantern 1.2, tiny, seed 7, director turn-model',
      '   2  03:04:05  enter   [Enter Marta and Old Hugo.]',
      '   3  03:04:05  next    OLD HUGO to MARTA by turn-model: OLD HUGO .61, MARTA .39',
      '   4  03:04:05  view    OLD HUGO sees events 2; 100 tokens, 90 there already; recalled 1.1.9',
      '   5  03:04:05  struck  OLD HUGO, label (a label): Marta: hm',
      '   6  03:04:05  turn    OLD HUGO [To Marta]. The wind has a new voice.',
      '   7  03:04:05  turn    MARTA [Aside]. So.',
    ]);
  });

  it('knows who has a part in an event', () => {
    expect(records.map(actorsOf)).toEqual([
      [],
      ['MARTA', 'OLD HUGO', 'situation'],
      ['turn-model', 'OLD HUGO'],
      ['OLD HUGO'],
      ['OLD HUGO'],
      ['OLD HUGO'],
      ['MARTA'],
    ]);
  });

  it('counts turns, words, drafts, speed and what was there already', () => {
    const stats = statsOf(records);
    expect(stats).toMatchObject({
      struck: { label: 1 },
      alarms: {},
      reused: 0.9,
      firstTokenMs: 100,
      tokensPerSecond: 40,
      figures: { turns: 2, words: 7, struckShare: 0.5 },
    });
    expect(statsText(stats)).toContain('OLD HUGO: 1 turn, 6 words (86 %)');
  });
});

describe('A key', () => {
  it('means what the help says, or nothing', () => {
    const keys = ['space', 's', 'n', 'e', 'f', '?', 'q', 'ctrl-d', 'ctrl-c'];
    expect(keys.map((key) => wishOf(key)?.kind)).toEqual([
      ...['pause', 'say', 'note', 'edit', 'fork', 'help', 'leave', 'leave', 'interrupt'],
    ]);
    expect(wishOf('3')).toEqual({ kind: 'next', index: 2 });
    for (const key of ['0', 'x', 'constructor', '']) expect(wishOf(key)).toBeUndefined();
  });
});
