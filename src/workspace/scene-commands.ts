import { DramatisError } from '../errors.ts';
import { findCharacter } from '../play/cast/find-character.ts';
import { normalName } from '../play/cast/label.ts';
import { VISITOR } from '../prompt/prompt.ts';
import { goOn } from '../stage/go-on.ts';
import type { SaidByHuman, Stage } from '../stage/stage.ts';
import type { StageState } from '../stage/state.ts';
import type { OpenScene } from './open-scene.ts';
import type { OpenedStage } from './open-stage.ts';

/** What a scene is asked to do. */
export type SceneCommand =
  | { readonly do: 'start' | 'pause' | 'step' | 'end' | 'again' }
  | ({ readonly do: 'say'; readonly by: string } & SaidByHuman)
  | { readonly do: 'note'; readonly text: string }
  | { readonly do: 'tell'; readonly to: string; readonly text: string }
  | { readonly do: 'enter' | 'exit'; readonly who: readonly string[] }
  | { readonly do: 'next'; readonly who: string }
  | { readonly do: 'edit'; readonly of: number; readonly text: string }
  | { readonly do: 'undo'; readonly to: number };

/** Commands that stop a turn that is being taken. */
const stopping: ReadonlySet<SceneCommand['do']> = new Set(['pause', 'end', 'undo', 'again']);

/** What a command changes at once, before its turn has come. */
export function foretell(scene: OpenScene, command: SceneCommand): void {
  if (stopping.has(command.do)) scene.stop();
  if (command.do === 'pause' || command.do === 'end') scene.goesOn = false;
}

/**
 * Carries out what somebody wants of a scene; nothing else is done to the scene meanwhile.
 *
 * @throws {DramatisError} NOT_ON_STAGE, CHARACTER_UNKNOWN, USAGE
 */
export async function carryOutCommand(
  scene: OpenScene,
  { stage, play }: Pick<OpenedStage, 'stage' | 'play'>,
  command: SceneCommand,
): Promise<void> {
  const named = (who: string): string => nameIn(stage.state, play, who);
  switch (command.do) {
    case 'start':
      await goOn(stage);
      scene.goesOn = true;
      return;
    case 'step':
      return scene.step(stage);
    case 'again':
      await takeBackLastTurn(stage);
      return scene.goesOn ? undefined : scene.step(stage);
    case 'pause':
      if (!stage.state.isPaused && !stage.state.end) await stage.pause();
      return;
    case 'end':
      if (!stage.state.end) await stage.end('human');
      return;
    case 'say': {
      const { by, text, to, isAside } = command;
      const said = { text, to: to === undefined ? undefined : named(to), isAside };
      return scene.show(stage, stage.say(named(by), said));
    }
    case 'note':
      await stage.note(command.text);
      return;
    case 'tell':
      await stage.tell(named(command.to), command.text);
      return;
    case 'enter':
      for (const who of command.who) await stage.enter(named(who));
      return;
    case 'exit':
      for (const who of command.who) await stage.exit(named(who));
      return;
    case 'next':
      stage.callNext(named(command.who));
      return;
    case 'edit':
      await stage.edit(command.of, command.text);
      return;
    case 'undo':
      await undo(stage, command.to);
  }
}

/** Somebody of the scene, or else of the play, as a cast name. */
function nameIn({ cast }: StageState, { play }: OpenedStage['play'], who: string): string {
  const wanted = normalName(who);
  return [...cast, VISITOR].find((name) => name === wanted) ?? findCharacter(play, who).name;
}

/** @throws {DramatisError} USAGE if there is no such event, or it is the opening's. */
async function undo(stage: Stage, to: number): Promise<void> {
  if (to < 1 || to > stage.state.n)
    throw new DramatisError('USAGE', `there is no event ${to} to go back to`, {
      remedy: `Give a number from 1 to ${stage.state.n}.`,
    });
  await stage.undo(to);
}

/** Takes back the last turn that is not the play's own, from the choice of its speaker on. */
async function takeBackLastTurn(stage: Stage): Promise<void> {
  const { turns, counting } = stage.state;
  const last = turns.at(-1);
  if (!last || last.playedBy === 'play')
    throw new DramatisError('USAGE', 'nothing has been said yet that could be said again');
  const choice = counting.findLast(({ kind, n }) => kind === 'next' && n < last.n);
  const isOwn = choice?.kind === 'next' && choice.chosen === last.who;
  await stage.undo((isOwn ? choice.n : last.n) - 1);
  if (isOwn) stage.callNext(last.who);
}
