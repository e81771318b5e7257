import { describe, expect, it } from 'vitest';
import { prng } from '../measure/statistics/prng.ts';
import { scenePrompt } from '../prompt/scene-prompt.ts';
import { baseModel, chatMlModel } from '../testing/models/letter-model.ts';
import { openEvent } from '../testing/stage-scene.ts';
import type { Recorded, StageEvent } from './events.ts';
import { type StageState, stateOf } from './state.ts';
import { audience, viewOf } from './view.ts';

const numbered = (events: readonly StageEvent[]): Recorded[] =>
  events.map((event, i) => ({ n: i + 1, time: '', ...event }));
const enter = (...who: string[]): StageEvent => ({ kind: 'enter', who, by: 'situation' });
const turn = (who: string, text: string, heard: readonly string[]): StageEvent => ({
  ...{ kind: 'turn', who, playedBy: 'model', heard, text },
});
const texts = (events: readonly StageEvent[], name: string): string[] =>
  viewOf(stateOf(numbered(events)), name).lines.map(({ speaker, text }) =>
    speaker === undefined ? `[${text}]` : `${speaker}: ${text}`,
  );

const scene: StageEvent[] = [
  enter('GERTRUDE', 'HAMLET'),
  turn('HAMLET', 'Mother.', ['GERTRUDE', 'HAMLET']),
  enter('OPHELIA'),
  turn('OPHELIA', 'My lord. My lord!', ['GERTRUDE', 'HAMLET', 'OPHELIA']),
  {
    kind: 'turn',
    who: 'HAMLET',
    playedBy: 'model',
    heard: ['HAMLET'],
    isAside: true,
    text: 'Soft.',
  },
  { kind: 'tell', to: 'OPHELIA', text: 'Give him back the letters', by: 'human' },
  { kind: 'note', text: '[A noise within.]', by: 'director', heard: ['HAMLET', 'OPHELIA'] },
  { kind: 'exit', who: ['GERTRUDE'], by: 'play', text: 'Exit Gertrude, weeping' },
  turn('OPHELIA', 'Alone.', ['HAMLET', 'OPHELIA']),
];

describe('viewOf', () => {
  it('is what somebody heard from their entrance on, headed by who was there', () => {
    expect(texts(scene, 'OPHELIA')).toEqual([
      '[Enter Ophelia. Gertrude and Hamlet on stage.]',
      'OPHELIA: My lord. My lord!',
      '[Give him back the letters]',
      '[A noise within.]',
      '[Exit Gertrude, weeping.]',
      'OPHELIA: Alone.',
    ]);
    expect(texts(scene, 'GERTRUDE')).toEqual([
      '[Enter Gertrude and Hamlet.]',
      'HAMLET: Mother.',
      '[Enter Ophelia.]',
      'OPHELIA: My lord. My lord!',
      '[Exit Gertrude, weeping.]',
    ]);
    expect(texts(scene, 'HAMLET')).toContain('HAMLET: Soft.');
    expect(texts(scene, 'POLONIUS')).toEqual([]);
  });

  it('shows how a turn is said: asides always, whom it is meant for where the scene does that', () => {
    const { director } = openEvent;
    const open = { ...openEvent, director: { ...director, isAddressing: true } };
    const addressed = { ...turn('OLD HUGO', 'Ho!', ['MARTA']), to: 'MARTA' } as StageEvent;
    const manners = (events: readonly StageEvent[], name: string) =>
      viewOf(stateOf(numbered(events)), name).lines.map(({ manner }) => manner);
    expect(manners([open, addressed], 'MARTA')).toEqual(['To Marta']);
    expect(manners([openEvent, addressed], 'MARTA')).toEqual([undefined]);
    expect(manners(scene, 'HAMLET').slice(3, 5)).toEqual([undefined, 'Aside']);
  });

  it('has the words of an edit, without what an undo took back', () => {
    const edit: StageEvent = { kind: 'edit', of: 4, text: 'Good my lord.' };
    expect(texts([...scene, edit, { kind: 'undo', to: 5 }], 'OPHELIA')).toEqual([
      '[Enter Ophelia. Gertrude and Hamlet on stage.]',
      'OPHELIA: My lord. My lord!',
    ]);
    expect(texts([...scene.slice(0, 5), edit], 'OPHELIA').at(-1)).toBe('OPHELIA: Good my lord.');
  });

  it('leaves forgotten sentences out wherever they were said, and a turn of nothing else whole', () => {
    const alarm: StageEvent = {
      ...{ kind: 'alarm', detector: 'repeat', value: 1, limit: 0, action: 'forgotten' },
      forgotten: ['my lord', 'Alone!'],
    };
    expect(texts([...scene, alarm], 'OPHELIA').filter((line) => line.startsWith('O'))).toEqual([]);
    const kept = turn('OPHELIA', 'My lord. I have remembrances.', ['OPHELIA']);
    expect(texts([...scene, alarm, kept], 'OPHELIA').at(-1)).toBe('OPHELIA: I have remembrances.');
  });

  it('moves its window in jumps, and says what is past and who was on stage', () => {
    const limits = { mostWords: 60, keptWords: 20 };
    const events = [enter('HAMLET', 'OPHELIA')];
    let before = viewOf(stateOf([]), 'OPHELIA', limits);
    let jumps = 0;
    for (let i = 0; i < 60; i++) {
      events.push(turn(i % 2 ? 'HAMLET' : 'OPHELIA', `word ${i}.`, ['HAMLET', 'OPHELIA']));
      const view = viewOf(stateOf(numbered(events)), 'OPHELIA', limits);
      const isLonger = before.lines.every((line, at) => view.lines[at]?.text === line.text);
      if (!isLonger) {
        jumps++;
        expect(view.lines[0]).toEqual({ text: 'Hamlet and Ophelia on stage.' });
      }
      expect([...view.past.map(({ n }) => n), ...view.shown]).toEqual(
        events.map((_, at) => at + 1),
      );
      before = view;
    }
    expect(jumps).toBeGreaterThan(2);
    expect(jumps).toBeLessThan(8);
  });

  it('goes into a prompt with directions that nobody says', () => {
    const { lines } = viewOf(stateOf(numbered(scene)), 'OPHELIA');
    const [script, chat] = [baseModel(), chatMlModel()];
    const page = scenePrompt(script, { form: 'script', turns: lines, speaker: 'OPHELIA' });
    expect(script.spell(page.tokens)).toBe(
      '⟨start⟩[Enter Ophelia. Gertrude and Hamlet on stage.]\n\nOPHELIA. My lord. My lord!\n\n' +
        '[Give him back the letters]\n\n[A noise within.]\n\n[Exit Gertrude, weeping.]\n\n' +
        'OPHELIA. Alone.\n\nOPHELIA.',
    );
    const asked = scenePrompt(chat, {
      form: 'chat',
      turns: lines.slice(0, -1),
      speaker: 'OPHELIA',
    });
    expect(chat.spell(asked.tokens)).toMatch(
      /user\n\[Enter Ophelia.*\]⟨.*assistant\nMy lord\. My lord!⟨.*user\n\[Give.*\]\n\[A.*\]\n\[Exit Gertrude, weeping\.\]⟨[^⟩]*⟩\n⟨[^⟩]*⟩assistant\n$/s,
    );
  });
});

const people = ['ANNE', 'BEN', 'CARA', 'DAN', 'EVE'];

interface Schedule {
  readonly events: readonly StageEvent[];
  /** For each name, canaries of what it heard or saw. */
  readonly heard: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A scene drawn by seed, in which each event has a word of its own; who hears it is kept apart from the events. */
function schedule(seed: number): Schedule {
  const random = prng(seed);
  const any = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const heard = new Map(people.map((name) => [name, new Set<string>()]));
  const events: StageEvent[] = [];
  const here = new Set<string>();
  const witness = (canary: string, who: Iterable<string>): void => {
    for (const name of who) heard.get(name)!.add(canary);
  };
  for (let i = 0; i < 20; i++) {
    const canary = `canary${i}x`;
    const kind = any(['enter', 'enter', 'exit', 'turn', 'turn', 'turn', 'aside', 'tell', 'note']);
    const who = any(people);
    if (kind === 'tell') {
      events.push({ kind, to: who, text: canary, by: 'human' });
      witness(canary, [who]);
    } else if (kind === 'enter' && !here.has(who)) {
      here.add(who);
      witness(canary, here);
      events.push({ kind, who: [who], by: 'director', text: `Enter ${who}, ${canary}` });
    } else if (kind === 'exit' && here.has(who)) {
      witness(canary, here);
      here.delete(who);
      events.push({ kind, who: [who], by: 'director', text: `Exit ${who}, ${canary}` });
    } else if (kind === 'note') {
      events.push({ kind, text: canary, by: 'director', heard: [...here] });
      witness(canary, here);
    } else if (here.has(who)) {
      const isAside = kind === 'aside';
      const text = `Now ${canary} is said.`;
      const to = isAside ? [who] : [...here].sort();
      witness(canary, to);
      events.push({
        ...(turn(who, text, to) as StageEvent & { kind: 'turn' }),
        ...(isAside && { isAside }),
      });
    }
  }
  return { events, heard };
}

type ViewFunction = (state: StageState, name: string) => readonly { readonly text: string }[];

/** Canaries in the views of who did not hear them, and those missing in the views of who did. */
function faults(schedules: number, view: ViewFunction): { leaks: number; missing: number } {
  const found = { leaks: 0, missing: 0 };
  for (let seed = 0; seed < schedules; seed++) {
    const { events, heard } = schedule(seed);
    const state = stateOf(numbered(events));
    for (const name of people) {
      const text = view(state, name)
        .map((line) => line.text)
        .join('\n');
      const seen = new Set(text.match(/canary\d+x/g));
      const meant = heard.get(name)!;
      for (const canary of seen) if (!meant.has(canary)) found.leaks++;
      for (const canary of meant) if (!seen.has(canary)) found.missing++;
    }
  }
  return found;
}

describe('Views of 10,000 scenes drawn at random', () => {
  const everything: ViewFunction = (state) => state.turns;
  const afterLastEntrance: ViewFunction = (state, name) => {
    const { lines } = viewOf(state, name);
    return lines.slice(
      Math.max(
        0,
        lines.findLastIndex(({ text }) => text.startsWith('Enter')),
      ),
    );
  };

  it('show nothing to who was not there, and everything to who was', () => {
    expect(faults(10_000, (state, name) => viewOf(state, name).lines)).toEqual({
      leaks: 0,
      missing: 0,
    });
  });

  it('would be found out if they showed what others heard, or lost what was heard', () => {
    expect(faults(50, everything).leaks).toBeGreaterThan(0);
    expect(faults(50, afterLastEntrance)).toMatchObject({ leaks: 0 });
    expect(faults(50, afterLastEntrance).missing).toBeGreaterThan(0);
  });

  it('agree with who a stage takes as hearing what is said aloud', () => {
    const { events } = schedule(7);
    for (const [at, event] of events.entries()) {
      if (event.kind !== 'turn' || event.isAside) continue;
      const before = stateOf(numbered(events.slice(0, at)));
      expect(audience(before, event.who)).toEqual(event.heard);
    }
  });
});
