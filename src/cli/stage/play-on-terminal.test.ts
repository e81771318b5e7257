import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directorOf } from '../../stage/director.ts';
import { scriptOf } from '../../stage/script-lines.ts';
import { Stage } from '../../stage/stage.ts';
import { stateOf } from '../../stage/state.ts';
import { Transcript } from '../../stage/transcript.ts';
import { lighthouse } from '../../testing/plays/lighthouse.ts';
import { lanternOpening } from '../../testing/stage-scene.ts';
import { Interrupt } from '../failure.ts';
import { playOnTerminal, type TerminalPlay } from './play-on-terminal.ts';
import { playThrough } from './play-through.ts';
import { type Wish, wishOf } from './wishes.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-terminal-'));
});
afterAll(() => rm(folder, { recursive: true }));

const cast = ['ADA', 'BEN'];

/** A scene that BEN speaks by a script, and ADA too unless a person is her. */
async function scene(isHuman: boolean, turns = 6): Promise<Stage> {
  const lines = Array.from({ length: turns }, (_, i) => ({
    who: cast[i % 2]!,
    text: `Line ${i}.`,
  }));
  const transcript = await Transcript.begin(
    folder,
    {
      ...lanternOpening,
      cast: cast.map((name) => ({
        name,
        playedBy: isHuman && name === 'ADA' ? 'human' : 'script',
      })),
      director: { policy: 'round-robin', isAddressing: false },
      script: lines.filter(({ who }) => !isHuman || who === 'BEN'),
    },
    { first: [{ kind: 'enter', who: cast, by: 'situation' }] },
  );
  return Stage.open({
    transcript,
    play: lighthouse,
    performers: new Map(),
    director: directorOf('round-robin', { play: lighthouse }),
    scripted: scriptOf(stateOf((await transcript.read()).records))!.lines,
  });
}

/** A screen at which a person presses keys, one between two turns each, and writes lines when they are asked to. */
function person(keys: readonly string[], lines: readonly (string | undefined)[] = []) {
  const [pressed, written, notes, labels]: [string[], (string | undefined)[], string[], string[]] =
    [[...keys], [...lines], [], []];
  const next = (): Wish | undefined => wishOf(pressed.shift() ?? '');
  const line = async (label: string): Promise<string | undefined> => {
    labels.push(label);
    return written.shift();
  };
  const screen: TerminalPlay['screen'] = {
    show: () => {},
    note: (text) => notes.push(text),
    ask: line,
    edit: line,
    taken: next,
    wanted: async () => next() ?? { kind: 'leave' },
    stoppable: () => ({ [Symbol.dispose]: () => {} }),
  };
  return { screen, notes, labels };
}

const said = (stage: Stage): string[] =>
  stage.state.turns.map(({ who, text }) => `${who}: ${text}`);
const kinds = (stage: Stage): string[] => stage.state.counting.map(({ kind }) => kind);

describe('A scene on a terminal', () => {
  it('is played to its end where nobody presses a key', async () => {
    const stage = await scene(false);
    await playOnTerminal({ stage, folder, screen: person([]).screen });
    expect(stage.state.end?.reason).toBe('script');
    expect(said(stage)).toHaveLength(6);
  });

  it('pauses and goes on, and is left with q', async () => {
    const stage = await scene(false);
    await playOnTerminal({ stage, folder, screen: person(['', 'space', 'space', '', 'q']).screen });
    expect(kinds(stage).filter((kind) => kind === 'pause' || kind === 'resume')).toEqual([
      ...['pause', 'resume', 'pause'],
    ]);
    expect(stage.state).toMatchObject({ isPaused: true, end: undefined });
  });

  it('is left by Ctrl-C at rest, which is thrown', async () => {
    const stage = await scene(false);
    const { screen } = person(['space', 'ctrl-c']);
    await expect(playOnTerminal({ stage, folder, screen })).rejects.toBeInstanceOf(Interrupt);
    expect(stage.state.isPaused).toBe(true);
  });

  it('hears a visitor, sees directions, has its last turn edited and is forked', async () => {
    const stage = await scene(false, 2);
    const before = (await readdir(folder)).length;
    const { screen, notes } = person(
      ['', 's', 'e', 'n', 'f', '?', 'n', 'q'],
      ['Who is there?', 'Who goes there?', 'A bell.', ' '],
    );
    await playOnTerminal({ stage, folder, screen });
    expect(said(stage)).toEqual(['ADA: Line 0.', 'VISITOR: Who goes there?']);
    expect(stage.state.onStage).toContain('VISITOR');
    expect(stage.state.counting.filter(({ kind }) => kind === 'note')).toHaveLength(1);
    expect(await readdir(folder)).toHaveLength(before + 1);
    expect(notes[0]).toMatch(/^Forked after event \d+: "dramatis stage resume [0-9a-f]{6}"/);
    expect(notes[1]).toContain('1 Ada · 2 Ben · 3 Visitor');
  });

  it('lets a person name the next speaker, and says when nobody has that number', async () => {
    const stage = await scene(false);
    const { screen, notes } = person(['space', '9', '2', 'q']);
    await playOnTerminal({ stage, folder, screen });
    expect(notes).toEqual(['Nobody has the number 9: 1 Ada · 2 Ben']);
    expect(stage.state.isPaused).toBe(true);
    const named = await scene(false);
    await playOnTerminal({ stage: named, folder, screen: person(['2', '', 'q']).screen });
    expect(said(named)[0]).toBe('BEN: Line 1.');
  });

  it('asks the person whose part it is; no words let the turn pass, and no line at all pauses', async () => {
    const stage = await scene(true, 10);
    const { screen, labels } = person([], ['I am here.', '', undefined]);
    await playOnTerminal({ stage, folder, screen });
    expect(labels).toEqual(['ADA', 'ADA', 'ADA']);
    expect(said(stage)).toEqual(['ADA: I am here.', 'BEN: Line 1.', 'BEN: Line 3.']);
    expect(stage.state).toMatchObject({ isPaused: true, asked: 'ADA' });
  });
});

describe('A scene through streams', () => {
  it('asks for a line as a terminal does, and pauses when there are no more', async () => {
    const stage = await scene(true, 10);
    const lines: (string | undefined)[] = ['I am here.', '', undefined];
    const shown: string[] = [];
    const screen = {
      show: (news: { readonly kind: string }) => shown.push(news.kind),
      note: () => {},
      ask: async () => lines.shift(),
      [Symbol.dispose]: () => {},
    };
    await playThrough(stage, screen, new AbortController().signal);
    expect(said(stage)).toEqual(['ADA: I am here.', 'BEN: Line 1.', 'BEN: Line 3.']);
    expect(stage.state).toMatchObject({ isPaused: true, asked: 'ADA' });
    expect(shown).toHaveLength(stage.state.n - 2);
  });
});
