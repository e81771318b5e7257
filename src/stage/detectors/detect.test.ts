import { describe, expect, it } from 'vitest';
import type { Recorded, StageEvent } from '../events.ts';
import { advance } from '../state.ts';
import { viewOf } from '../view.ts';
import { detect } from './detect.ts';
import { isFarewell } from './farewell.ts';
import { inForce } from './in-force.ts';
import { playScript, type ScriptLine } from './scripted-scene.test.support.ts';

const line = (who: string, text: string, more: Partial<ScriptLine> = {}): ScriptLine => ({
  who,
  text,
  ...more,
});
/** Lines that have nothing to do with each other. */
const fresh = [
  'The river rose above the mill.',
  'Somebody left a saddle by our gate.',
  'Three candles burned until morning came.',
  'Nothing but salt remained inside my chest.',
  'Whose dog is barking at that window?',
  'Bring bread, and cheese, and a knife.',
  'My uncle never forgave the carpenter.',
  'Snow fell early on those hills.',
  'He wrote two letters without a seal.',
  'Let us count what the thieves spared.',
  'An owl sat upon your chimney.',
  'Wool is dearer than it was.',
];
const stuck = 'I will not speak of it, and I will not go.';
const kinds = (played: ReturnType<typeof playScript>) =>
  played.alarms.map(({ detector, action }) => `${detector}: ${action}`);

describe('A script that repeats itself', () => {
  it('ends by loop in six turns at most, with its alarms', () => {
    const played = playScript(
      Array.from({ length: 24 }, (_, i) => line(i % 2 === 0 ? 'ADA' : 'BEN', stuck)),
    );
    expect(played.end).toBe('loop');
    expect(played.turns).toBeLessThanOrEqual(6);
    expect(kinds(played)).toContain('repeat: sentences leave all views');
    expect(kinds(played).at(-1)).toBe('repeat: end: loop');
  });

  it('ends in six turns also where only one of two does', () => {
    const played = playScript(
      fresh.map((text, i) => line(i % 2 ? 'BEN' : 'ADA', i % 2 ? text : stuck)),
    );
    expect(played).toMatchObject({ end: 'loop', turns: 5 });
  });

  it('ends where drafts are struck for repeating until somebody stays silent, three times in eight turns', () => {
    const struck = [{ text: stuck, guard: 'repeat' }];
    const said = fresh.map(
      (text, i): ScriptLine =>
        i % 2 === 0 && i > 0 ? { who: 'ADA', struck } : line(i % 2 ? 'BEN' : 'ADA', text),
    );
    expect(playScript(said)).toMatchObject({ end: 'loop', turns: 7 });
  });

  it('goes on where drafts were struck and another one was said', () => {
    const struck = [{ text: stuck, guard: 'repeat' }];
    const played = playScript(
      fresh.map((text, i) => line(i % 2 ? 'BEN' : 'ADA', text, { struck })),
    );
    expect(played).toMatchObject({ end: undefined, turns: fresh.length, alarms: [] });
  });

  it('is in no view with what it repeats, once it has done so twice', () => {
    const kept = 'The river rose above the mill.';
    const played = playScript([
      line('ADA', `${kept} We shall never see the end of this long winter.`),
      line('BEN', fresh[1]!),
      line('ADA', 'And we shall never see the end of it, say I.'),
      line('BEN', 'Somebody left a saddle by our door.'),
    ]);
    expect(kinds(played)).toEqual(['repeat: sentences leave all views']);
    for (const name of ['ADA', 'BEN']) {
      const shown = viewOf(played.state, name).lines.map(({ text }) => text);
      expect(shown.join(' ')).not.toMatch(/saddle/);
      expect(shown).toContain(`${kept} We shall never see the end of this long winter.`);
    }
  });

  it('may say short words twice in eight turns, and ends at the third time', () => {
    const ay = (i: number) => line(i % 2 ? 'BEN' : 'ADA', i % 2 ? fresh[i]! : 'Ay, ay, my lord.');
    const said = Array.from({ length: 12 }, (_, i) => ay(i));
    expect(playScript(said.slice(0, 4)).alarms).toEqual([]);
    expect(playScript(said)).toMatchObject({ end: 'loop', turns: 5 });
    const seldom = said.map((one, i) => (i % 6 === 0 ? one : line(one.who, fresh[i]!)));
    expect(playScript(seldom).alarms).toEqual([]);
  });

  it('ends where two give one word back and forth', () => {
    const said = Array.from({ length: 12 }, (_, i) =>
      line(i % 2 ? 'BEN' : 'ADA', ['Madam, madam!', 'Madam?'][i % 2]!),
    );
    expect(playScript(said.map((one) => ({ ...one, playedBy: 'script' as const })))).toMatchObject({
      end: 'loop',
      turns: 5,
    });
  });
});

describe('A person on the stage', () => {
  it('may repeat, echo and say one word as often as they like', () => {
    const human = (who: string, text: string) => line(who, text, { playedBy: 'human' });
    const said = fresh.flatMap((text) => [
      line('ADA', text),
      human('BEN', text),
      human('BEN', 'Ay.'),
    ]);
    expect(playScript(said).alarms).toEqual([]);
  });
});

describe('What a guard strikes', () => {
  it('is in no later view', () => {
    const struck = [{ text: 'As an AI language model I am canary seven.', guard: 'mask' }];
    const { state } = playScript(
      fresh.map((text, i) => line(i % 2 ? 'BEN' : 'ADA', text, i % 3 === 0 ? { struck } : {})),
    );
    expect(state.struck).toHaveLength(4);
    for (const name of ['ADA', 'BEN'])
      expect(JSON.stringify(viewOf(state, name).lines)).not.toMatch(/canary/);
  });
});

describe('A scene of farewells', () => {
  const partings = ['Farewell, my friend.', 'Good night, sweet lady.', 'Adieu! I take my leave.'];

  it('ends in three turns between two', () => {
    const played = playScript(
      Array.from({ length: 24 }, (_, i) => line(i % 2 ? 'BEN' : 'ADA', partings[i % 3]!)),
    );
    expect(played).toMatchObject({ end: 'farewell', turns: 2 });
  });

  it('lets one leave where more are on stage, and ends when it happens again', () => {
    const said = ['ADA', 'BEN', 'CLEO', 'DAN'].map((who, i) => line(who, partings[i % 3]!));
    const played = playScript(said);
    expect(kinds(played)).toEqual(['farewell: BEN leaves', 'farewell: end: farewell']);
    expect(played).toMatchObject({ end: 'farewell', turns: 3 });
    expect(played.state.onStage).toEqual(['ADA', 'CLEO', 'DAN']);
  });

  it('goes on after one farewell that another answers otherwise', () => {
    expect(
      playScript([line('ADA', 'Farewell.'), line('BEN', 'Stay a while.'), line('ADA', 'Adieu.')]),
    ).toMatchObject({ end: undefined, alarms: [] });
  });

  it.each([
    ['Fare thee well, and remember me.', true],
    ['God be with you. I must go.', true],
    ['I must leave thee, love.', true],
    ["And I must be off: 'Bye, good lady.'", true],
    ['I will come to you by and by.', false],
    ['I bade him farewell. Then the ship sank. Nobody came back.', false],
    ['It is a good night for hunting? No. Come in. Sit down. Eat.', false],
  ])('knows %j', (text, is) => {
    expect(isFarewell(text)).toBe(is);
  });
});

describe('Two who speak by turns while others are there', () => {
  const duel = (turns: number): ScriptLine[] => [
    line('DAN', fresh[0]!, { present: ['ADA', 'BEN', 'CLEO', 'DAN'] }),
    ...Array.from({ length: turns }, (_, i) =>
      line(i % 2 ? 'BEN' : 'ADA', fresh[(i % 11) + 1]! + i),
    ),
  ];

  it('are told apart from others by more than ten turns, and who was silent longest gets a logit', () => {
    expect(playScript(duel(12)).alarms).toEqual([]);
    const played = playScript(duel(13));
    expect(played.alarms).toMatchObject([{ detector: 'lock', value: 11, who: 'CLEO' }]);
    expect([...inForce(played.state).nudges]).toEqual([['CLEO', 1]]);
  });

  it('gives no more logits for three turns, and takes them back when the silent one speaks', () => {
    expect([...inForce(playScript(duel(16)).state).nudges]).toEqual([['CLEO', 1]]);
    expect([...inForce(playScript(duel(17)).state).nudges]).toEqual([['CLEO', 2]]);
    const spoken = playScript([...duel(13), line('CLEO', 'Peace, both of you.')]);
    expect(inForce(spoken.state).nudges.size).toBe(0);
  });

  it('may do so for ever where nobody else is there', () => {
    expect(playScript(duel(40).slice(1)).alarms.map(({ detector }) => detector)).not.toContain(
      'lock',
    );
  });
});

describe('Turns that begin alike', () => {
  const ships = ['a ship!', 'what ship?', 'the bell!', 'whose bell?', 'my son!', 'which son?'];
  const said = ships.map((words, i) =>
    line(i % 2 ? 'BEN' : 'ADA', `Madam, madam, ${words} ${fresh[i]!}`),
  );

  it('leave all views at the third of them, with what they go on to say kept', () => {
    const played = playScript(said.slice(0, 3));
    expect(kinds(played)).toEqual(['opening: sentences leave all views']);
    const shown = viewOf(played.state, 'BEN').lines.map(({ text }) => text);
    expect(shown.join(' ')).not.toMatch(/madam/i);
    expect(shown).toContain(fresh[0]!);
  });

  it('leave them also where the third one was struck, and end the scene if it goes on', () => {
    const struck = [
      { text: 'Madam, madam, the bell!', guard: 'opening' },
      { text: '…', guard: 'empty' },
    ];
    const silent = playScript([...said.slice(0, 2), { who: 'ADA', struck }]);
    expect(kinds(silent)).toEqual(['opening: sentences leave all views']);
    expect(
      viewOf(silent.state, 'ADA')
        .lines.map(({ text }) => text)
        .join(' '),
    ).not.toMatch(/madam/i);
    expect(playScript(said)).toMatchObject({ end: 'loop', turns: 5 });
  });
});

describe('A turn that gives the last one back', () => {
  it('is answered by a direction, then by a turn without the speaker', () => {
    const said = [
      line('ADA', 'Somebody left a saddle by our gate.'),
      line('BEN', 'Somebody left a saddle by what gate?'),
      line('ADA', 'An owl sat upon the chimney last night.'),
      line('BEN', 'An owl sat upon the chimney, say you?'),
      line('ADA', 'He wrote two letters without a seal.'),
      line('BEN', 'He wrote two letters without what?'),
    ];
    const played = playScript(said);
    expect(kinds(played)).toEqual([
      'echo: direction "Ben changes the subject"',
      'echo: BEN rests for a turn',
    ]);
    expect(viewOf(played.state, 'ADA').lines.map(({ text }) => text)).toContain(
      'Ben changes the subject',
    );
    expect(inForce(played.state).resting).toEqual(['BEN']);
    expect(inForce(playScript([...said, line('ADA', fresh[3]!)]).state).resting).toEqual([]);
  });
});

describe('Turns that mean the same', () => {
  const apart = (n: number) => Float32Array.from({ length: 64 }, (_, i) => (i === n ? 1 : 0));
  const same = () => Float32Array.of(1, 0.1);
  const said = fresh.map((text, i) => line(i % 2 ? 'BEN' : 'ADA', text));

  it('warm the temperature, then bring on a direction of the real scene, then end it', () => {
    const played = playScript(said, { vectorOf: same, directions: ['Cock crows', 'Thunder'] });
    expect(kinds(played)).toEqual([
      'cycle: temperature +0.15 for 3 turns',
      'cycle: direction "Cock crows"',
      'cycle: end: loop',
    ]);
    expect(played.end).toBe('loop');
  });

  it('are drawn warmer for three turns', () => {
    const warmth = [4, 5, 6, 7].map(
      (turns) => inForce(playScript(said.slice(0, turns), { vectorOf: same }).state).temperature,
    );
    expect(warmth).toEqual([0.15, 0.15, 0.15, 0]);
  });

  it('are not looked for without vectors, and not found where they differ', () => {
    expect(playScript(said).alarms).toEqual([]);
    expect(playScript(said, { vectorOf: (n) => (n % 2 ? same() : undefined) }).alarms).toEqual([]);
    expect(playScript(said, { vectorOf: apart }).alarms).toEqual([]);
  });
});

describe('A voice that is lost', () => {
  const said = Array.from({ length: 26 }, (_, i) =>
    line(
      i % 2 ? 'BEN' : 'ADA',
      Array.from({ length: 6 }, (_, k) => `${'abcdefghijklmnopqrstuvwxyz'[i]}${k}`).join(' '),
    ),
  );

  it('gets three drafts, then a direction, then is only reported', () => {
    const played = playScript(said, { voiceOf: (who) => (who === 'ADA' ? -1 : 0.5) });
    const voices = kinds(played).filter((one) => one.startsWith('voice'));
    expect(voices).toEqual([
      'voice: ADA speaks the best of 3 drafts',
      'voice: direction "Ada speaks as only Ada does"',
      'voice: none',
    ]);
    expect([...inForce(played.state).drafts]).toEqual([['ADA', 3]]);
  });

  it('is not looked for in lines that no model drew, or of somebody whose voice is unknown', () => {
    const script = said.map((one) => ({ ...one, playedBy: 'script' as const }));
    const voices = (lines: ScriptLine[], value?: number) =>
      playScript(lines, { voiceOf: () => value }).alarms.filter(
        ({ detector }) => detector === 'voice',
      );
    expect(voices(script, -1)).toEqual([]);
    expect(voices(said, undefined)).toEqual([]);
    expect(voices(said, -1).length).toBeGreaterThan(0);
  });
});

describe('A scene that stalls', () => {
  it('lets the silent one rest, then pauses', () => {
    const played = playScript([
      line('ADA', fresh[0]!),
      line('BEN', 'Ay.'),
      { who: 'ADA', struck: [{ text: '', guard: 'empty' }] },
      line('BEN', 'No.'),
    ]);
    expect(kinds(played)).toEqual(['stall: ADA rests for 3 turns', 'stall: pause']);
    expect(played.end).toBe('stalled');
  });

  it('goes on where one word is answered with more', () => {
    const said = [line('ADA', 'Ay.'), line('BEN', fresh[1]!), line('ADA', 'No.')];
    expect(playScript([...said, line('BEN', fresh[2]!)]).alarms).toEqual([]);
  });
});

describe('detect', () => {
  it('raises nothing without limits', () => {
    const lines = Array.from({ length: 12 }, (_, i) => line(i % 2 ? 'BEN' : 'ADA', stuck));
    expect(playScript(lines, {}, {})).toMatchObject({ turns: 12, alarms: [] });
  });

  it('says once what is wrong with a turn, however often it is asked', () => {
    const played = playScript([
      line('ADA', stuck),
      line('BEN', stuck.replace('speak', 'think')),
      line('ADA', stuck),
      line('BEN', stuck.replace('speak', 'think')),
    ]);
    expect(played.alarms.length).toBeGreaterThan(0);
    expect(detect(played.state)).toEqual([]);
  });

  it('says nothing of what an undo has taken back, and reads the words of an edit', () => {
    const played = playScript([
      line('ADA', 'I take my leave, good neighbour.'),
      line('BEN', 'Farewell.'),
    ]);
    expect(played.end).toBe('farewell');
    const [, , , first] = played.state.counting;
    const undone = advance(played.state, at(played.state.n + 1, { kind: 'undo', to: first!.n }));
    expect(detect(undone)).toEqual([]);
    const edited = advance(
      undone,
      at(undone.n + 1, { kind: 'edit', of: first!.n, text: 'Stay a while.' }),
    );
    const answered = advance(
      edited,
      at(edited.n + 1, {
        ...{ kind: 'turn', who: 'BEN', playedBy: 'model', heard: ['ADA', 'BEN'] },
        text: 'Farewell.',
      }),
    );
    expect(detect(answered)).toEqual([]);
  });
});

const at = (n: number, event: StageEvent): Recorded => ({
  ...event,
  n,
  time: '2026-11-30T00:00:00Z',
});
