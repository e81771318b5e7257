import { freshSeed } from '../../engine/sampling.ts';
import { DramatisError } from '../../errors.ts';
import { VISITOR } from '../../prompt/prompt.ts';
import type { Stage, StageNews } from '../../stage/stage.ts';
import { Interrupt } from '../failure.ts';
import type { PageScreen } from './page-screen.ts';
import { shortName } from './status-line.ts';
import type { Wish } from './wishes.ts';

/** A scene that is played on a terminal. */
export interface TerminalPlay {
  readonly stage: Stage;
  readonly screen: Pick<
    PageScreen,
    'show' | 'note' | 'ask' | 'edit' | 'taken' | 'wanted' | 'stoppable'
  >;
  /** Where forks are kept. */
  readonly folder: string;
}

/**
 * Plays a scene until it ends or the person leaves it. What they want by a key is done between two turns; Ctrl-C alone stops
 * in mid-turn, and at rest it leaves, which throws `Interrupt`.
 */
export async function playOnTerminal(play: TerminalPlay): Promise<void> {
  const { stage, screen } = play;
  for (;;) {
    const { end, isPaused, asked } = stage.state;
    if (end) return;
    const wish = screen.taken() ?? (isPaused ? await screen.wanted() : undefined);
    if (wish) {
      if ((await withRemedy(play, wish)) === 'left') return;
    } else if (asked === undefined) await step(play);
    else await answer(play, asked);
  }
}

/** What can be put right at a key must not end the scene. */
async function withRemedy(play: TerminalPlay, wish: Wish): Promise<'left' | undefined> {
  try {
    return await fulfil(play, wish);
  } catch (error) {
    if (!(error instanceof DramatisError) || error.code === 'STORE_UNWRITABLE') throw error;
    play.screen.note(`${error.message}\n${error.remedy}`);
    return undefined;
  }
}

async function step({ stage, screen }: TerminalPlay): Promise<void> {
  const stopping = new AbortController();
  using _ = screen.stoppable(() => stopping.abort(new Interrupt('interrupted')));
  for await (const news of stage.step(stopping.signal)) screen.show(news, stage.state);
}

/** Asks the person whose turn it is; words that are none let it pass. */
async function answer(play: TerminalPlay, asked: string): Promise<void> {
  const { stage, screen } = play;
  const text = await screen.ask(asked);
  if (text === undefined) return tell(play, stage.pause());
  if (text.trim() === '') return step(play);
  await showAll(play, stage.say(asked, { text }));
}

async function fulfil(play: TerminalPlay, wish: Wish): Promise<'left' | undefined> {
  const { stage, screen } = play;
  const { isPaused } = stage.state;
  switch (wish.kind) {
    case 'interrupt':
      throw new Interrupt('interrupted');
    case 'leave':
      if (!isPaused) await tell(play, stage.pause());
      return 'left';
    case 'pause':
      await tell(play, isPaused ? stage.resume() : stage.pause());
      return undefined;
    case 'next':
      await callNext(play, wish.index);
      return undefined;
    case 'say':
      await say(play);
      return undefined;
    case 'note': {
      const text = await screen.edit('Direction: ');
      if (text?.trim()) await tell(play, stage.note(text.trim()));
      return undefined;
    }
    case 'edit':
      await editLast(play);
      return undefined;
    case 'fork':
      await fork(play);
      return undefined;
    case 'help':
      screen.note(helpText(stage));
      return undefined;
  }
}

/** The person speaks: as the part that is theirs, or as a visitor, who comes on for it. */
async function say(play: TerminalPlay): Promise<void> {
  const { stage, screen } = play;
  const { open, onStage } = stage.state;
  const own = open?.cast.find(
    ({ name, playedBy }) => playedBy === 'human' && onStage.includes(name),
  );
  const who = own?.name ?? VISITOR;
  const text = await screen.edit(`${who}: `);
  if (!text?.trim()) return;
  if (!onStage.includes(who)) await tell(play, stage.enter(who));
  await showAll(play, stage.say(who, { text }));
}

async function editLast(play: TerminalPlay): Promise<void> {
  const { stage, screen } = play;
  const last = stage.state.turns.at(-1);
  if (!last) return;
  const text = await screen.edit(`${last.who}: `, last.text.replaceAll(/\s+/g, ' '));
  if (text?.trim() && text.trim() !== last.text) await tell(play, stage.edit(last.n, text.trim()));
}

async function fork({ stage, screen, folder }: TerminalPlay): Promise<void> {
  const { n } = stage.state;
  const { path } = await stage.transcript.fork(folder, n, { seed: freshSeed() });
  const id = path.replace(/\.stage\.jsonl$/, '').slice(-6);
  screen.note(`Forked after event ${n}: "dramatis stage resume ${id}" goes on from here.`);
}

/** Lets one of those on stage speak next, also out of a pause. */
async function callNext(play: TerminalPlay, index: number): Promise<void> {
  const { stage, screen } = play;
  const who = stage.state.onStage[index];
  if (who === undefined) {
    screen.note(`Nobody has the number ${index + 1}: ${numbered(stage)}`);
    return;
  }
  stage.callNext(who);
  if (stage.state.isPaused) await tell(play, stage.resume());
}

const numbered = ({ state: { onStage, cast } }: Stage): string =>
  onStage.map((name, i) => `${i + 1} ${shortName(name, cast)}`).join(' · ');

function helpText(stage: Stage): string {
  return [
    'Space  pauses after this turn, and goes on',
    's      say something, as your part or as a visitor',
    'n      a direction that all on stage see',
    'e      other words in the place of the last turn',
    'f      fork: another scene begins with this one so far',
    `1–9    who speaks next: ${numbered(stage)}`,
    'Ctrl-C stops in mid-turn; at rest it leaves, and so does q',
  ].join('\n');
}

async function tell(
  { stage, screen }: TerminalPlay,
  happening: Promise<StageNews | undefined>,
): Promise<void> {
  const news = await happening;
  if (news) screen.show(news, stage.state);
}

async function showAll(
  { stage, screen }: TerminalPlay,
  happening: AsyncIterable<StageNews>,
): Promise<void> {
  for await (const news of happening) screen.show(news, stage.state);
}
