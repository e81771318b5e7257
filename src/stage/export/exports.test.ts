import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { parsePlay } from '../../play/parse.ts';
import type { Play } from '../../play/play.ts';
import { sceneTurns } from '../../play/scene-turns.ts';
import { openEvent } from '../../testing/stage-scene.ts';
import type { Recorded, StageEvent } from '../events.ts';
import { type StageState, stateOf } from '../state.ts';
import { sceneExports } from './exports.ts';

const state = (...events: readonly StageEvent[]): StageState =>
  stateOf([openEvent, ...events].map((event, i): Recorded => ({ n: i + 1, time: '', ...event })));
const turn = (who: string, text: string, more: object = {}): StageEvent => ({
  ...{ kind: 'turn', who, playedBy: 'model', heard: ['MARTA', 'OLD HUGO'], text, ...more },
});

const scene = state(
  { kind: 'enter', who: ['MARTA'], by: 'situation' },
  turn('MARTA', 'Alone at last.', { heard: ['MARTA'], playedBy: 'play', place: '1.2.3' }),
  { kind: 'enter', who: ['OLD HUGO'], by: 'play', text: 'Enter Old Hugo, wet' },
  turn('OLD HUGO', 'Who keeps the *light*?', { to: 'MARTA' }),
  turn('MARTA', 'Not I, I fear.', { isAside: true, heard: ['MARTA'] }),
  { kind: 'tell', to: 'MARTA', text: 'Say nothing', by: 'human' },
  turn('MARTA', 'The wind <i>does</i>.', { stop: 'cut' }),
  { kind: 'exit', who: ['MARTA'], by: 'director' },
  turn('OLD HUGO', 'Gone & out.', { heard: ['OLD HUGO'] }),
);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const said = (play: Play): string[] =>
  sceneTurns(play).flatMap(({ turns }) => turns.map(({ speaker, text }) => `${speaker}: ${text}`));

describe('A scene as TEI', () => {
  it('is a play that parsePlay reads: who speaks, who is on stage, and the directions', () => {
    const play = parsePlay(bytes(sceneExports.tei.write(scene)));
    expect(play).toMatchObject({ title: 'The Lantern', format: 'tei' });
    expect(said(play)).toEqual([
      'MARTA: Alone at last.',
      'OLD HUGO: Who keeps the *light*?',
      'MARTA: Not I, I fear.',
      'MARTA: The wind <i>does</i>.',
      'OLD HUGO: Gone & out.',
    ]);
    const [found] = sceneTurns(play);
    expect(found!.scene).toBe('1.2');
    expect(found!.turns.map(({ present }) => present.length)).toEqual([1, 2, 2, 2, 1]);
    expect(found!.turns[1]!.textOnStage).toContain('[To Marta]');
  });

  it('comes back word for word, whatever is said but brackets, which parsePlay takes as directions', () => {
    const piece = fc.constantFrom(
      ...['<', '>', '&', '&amp;', ']]>', '<!--', '"', "'", '\0', '\ud800', '\uffff', '<sp>', 'aye'],
      ...['\n', ' ', '—', '🎭', 'O,'],
    );
    const text = fc.array(piece, { minLength: 1, maxLength: 6 }).map((all) => `So ${all.join('')}`);
    fc.assert(
      fc.property(text, (words) => {
        const play = parsePlay(bytes(sceneExports.tei.write(state(turn('MARTA', words)))));
        const plain = words
          .replace(/[\0\ud800\uffff]/g, '')
          .replace(/\s+/g, ' ')
          .trim();
        expect(said(play).join()).toBe(`MARTA: ${plain}`);
      }),
      { numRuns: 500 },
    );
  });
});

describe('A scene as Markdown', () => {
  it('is a play that parsePlay reads', () => {
    const text = sceneExports.md.write(scene);
    expect(text).toContain('\n\n*[Enter Old Hugo, wet.]*\n\n**OLD HUGO.** *[To Marta]* Who keeps');
    const play = parsePlay(bytes(text));
    expect(play).toMatchObject({ title: 'The Lantern', format: 'markdown' });
    expect(play.cast.map(({ name, speeches }) => `${name} ${speeches}`)).toEqual([
      'MARTA 3',
      'OLD HUGO 2',
    ]);
  });

  it('has no mark in what is said', () => {
    const text = sceneExports.md.write(state(turn('MARTA', '# *no* <b>\n\n[x](y) `z`')));
    expect(text).toMatch(/\n\*\*MARTA\.\*\* \\# \\\*no\\\* \\<b\\> \\\[x\\\]\(y\) \\`z\\`\n$/);
  });
});

describe('A scene as JSON', () => {
  it('is one object with the opening, every line and the figures', () => {
    const read = JSON.parse(sceneExports.json.write(scene));
    expect(read).toMatchObject({ open: { id: 'abcdef' }, figures: { turns: 4, words: 15 } });
    expect(read.lines).toHaveLength(9);
  });
});

describe('A scene as messages', () => {
  it('is what each character heard, its own turns on the side of the assistant', () => {
    const rows = sceneExports.openai.write(scene).trimEnd().split('\n');
    const [hugo, marta] = rows.map((row) => JSON.parse(row).messages);
    expect(marta.map(({ role }: { role: string }) => role)).toEqual([
      ...['system', 'user', 'assistant', 'user', 'assistant', 'user', 'assistant', 'user'],
    ]);
    expect(marta[3].content).toBe('[Enter Old Hugo, wet.]\nOld Hugo: Who keeps the *light*?');
    expect(marta[5].content).toBe('[Say nothing]');
    expect(JSON.stringify(hugo)).not.toMatch(/Alone at last|I fear|Say nothing/);
    const [first] = sceneExports.sharegpt.write(scene).split('\n');
    expect(JSON.parse(first!).conversations[1]).toEqual({
      from: 'human',
      value: hugo[1].content,
    });
    for (const row of sceneExports.openai
      .write(state(turn('MARTA', 'I begin.')))
      .trim()
      .split('\n'))
      expect(JSON.parse(row).messages[1]).toEqual({ role: 'user', content: '…' });
  });
});

describe('A scene as HTML', () => {
  it('is one file that fetches and runs nothing, whose style is the one allowed', () => {
    const text = sceneExports.html.write(scene);
    const { document } = parseHTML(text);
    const policy = document.querySelector('meta[http-equiv]')?.getAttribute('content') ?? '';
    const style = /<style>([\s\S]*)<\/style>/.exec(text)![1]!;
    const hash = createHash('sha256').update(style).digest('base64');
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).toContain(`style-src 'sha256-${hash}'`);
    expect(document.querySelectorAll('script, link, img, [src], [href], [style]')).toHaveLength(0);
    expect(document.querySelector('#n8')?.textContent).toBe('Marta. The wind <i>does</i>. stopped');
  });

  it('holds what is said as text, wherever it stands', () => {
    const nasty = `<img src=x onerror=alert(1)>"'</style></title><script>1</script>`;
    const { play } = openEvent;
    const named = { ...openEvent, play: { ...play, title: nasty }, heading: nasty };
    const events: StageEvent[] = [
      { ...named, situation: nasty },
      { kind: 'enter', who: [nasty], by: 'human', text: nasty },
      turn(nasty, nasty, { to: nasty, place: nasty }),
      { kind: 'tell', to: nasty, text: nasty, by: 'human' },
    ];
    const text = sceneExports.html.write(
      stateOf(events.map((event, i): Recorded => ({ n: i + 1, time: nasty, ...event }))),
    );
    expect(text).not.toMatch(/<(?:img|script)|<\/style>[\s\S]*<\/style>/);
  });
});
