import { adaptersText } from '../../actor/adapter-source.ts';
import type { Conversations } from '../../actor/conversations.ts';
import type { Dialogue } from '../../actor/dialogue.ts';
import type { AdaptersEvent, Reply, ReplyEvent } from '../../actor/reply.ts';
import { isSaidLater } from '../../actor/turns-until.ts';
import { DramatisError } from '../../errors.ts';
import { formatPlace, requirePlace } from '../../play/place.ts';
import { VISITOR } from '../../prompt/prompt.ts';
import { Interrupt, UsageError } from '../failure.ts';
import { interrupted } from '../interrupt.ts';
import { wholeFrom } from '../options/model-options.ts';
import { cutMark } from '../terminal/cut-mark.ts';
import { sourcesText } from '../terminal/sources-text.ts';
import { type ChatCommand, chatCommands, parseChatCommand } from './chat-commands.ts';
import { alternativesCommand, numberedLines, wantedEdit } from './edit-lines.ts';
import { explainAnswer } from './explain-answer.ts';
import { saveTranscript } from './save-transcript.ts';
import type { Screen } from './screen.ts';
import { steerCommand } from './steer-command.ts';

/** Who is talked with, where, and what else `/save` writes down. */
export interface ChatContext {
  readonly conversations: Conversations;
  readonly screen: Screen;
  readonly play: string;
  readonly model: string;
  /** What stands beside each answer; `/sources` changes it. */
  readonly beside: { sources: boolean };
}

/**
 * Talks until the person leaves.
 *
 * Ctrl-C stops an answer. At the prompt it says how to leave, and the second one in a row leaves, which throws `Interrupt`.
 */
export async function converse(stage: ChatContext): Promise<void> {
  const { screen } = stage;
  let interrupts = 0;
  for (;;) {
    const input = await screen.ask();
    if (input.kind === 'end') return;
    if (input.kind === 'interrupt') {
      if (++interrupts > 1) throw new Interrupt('interrupted');
      screen.note('Ctrl-C again leaves, and so does Ctrl-D.');
      continue;
    }
    const command = parseChatCommand(input.text);
    if (command.kind === 'quit') return;
    try {
      await perform(command, stage);
      interrupts = 0; // the one that stopped an answer does not count
    } catch (error) {
      // What can be put right at the prompt must not end the conversation.
      if (!(error instanceof DramatisError)) throw error;
      const remedy =
        error instanceof UsageError ? '/help lists what can be typed here.' : error.remedy;
      screen.note(`${error.message}\n${remedy}`);
    }
  }
}

async function perform(command: ChatCommand, stage: ChatContext): Promise<void> {
  const { conversations, screen } = stage;
  const { dialogue } = conversations;
  switch (command.kind) {
    case 'say':
      return answer(stage, (signal) => dialogue.say(command.text, signal));
    case 'regen':
      if (dialogue.conversation.turns.length === 0) screen.note('Nothing has been said yet.');
      else await answer(stage, (signal) => dialogue.again(signal));
      return;
    case 'alternatives':
      screen.note(await alternativesCommand(dialogue, command.asked));
      return;
    case 'edit':
      return edit(stage, command.asked);
    case 'undo':
      await dialogue.takeBack();
      screen.note(lastWords(dialogue));
      return;
    case 'at':
      screen.note(movedTo(dialogue, command.place));
      return;
    case 'character':
      return turnTo(stage, command.name);
    case 'seed':
      if (command.seed !== undefined) {
        dialogue.seed = wholeFrom('/seed', 0, 2 ** 32 - 1)(command.seed) ?? dialogue.seed;
      }
      screen.note(`The next answer is drawn with seed ${dialogue.seed}.`);
      return;
    case 'sources':
      screen.note(sourcesCommand(stage, command.asked));
      return;
    case 'steer':
      screen.note(await steerCommand(conversations.levers, command.asked, dialogue.last?.costs));
      return;
    case 'save':
      screen.note(`Saved ${await saveTranscript(transcript(stage), command.file)}`);
      return;
    case 'who':
      screen.note(whoIs(dialogue));
      return;
    case 'why':
      screen.note(explainAnswer(dialogue));
      return;
    case 'help':
      screen.note(help());
      return;
    case 'unknown':
      screen.note(`There is no ${command.name}; did you mean ${command.nearest}? /help lists all.`);
      return;
    case 'nothing':
    case 'quit':
      return;
  }
}

/** Shows the lines, or edits one: the visitor's words are answered anew, the character's are merely other ones. */
async function edit(stage: ChatContext, asked: string | undefined): Promise<void> {
  const { dialogue } = stage.conversations;
  const wanted = asked === undefined ? undefined : wantedEdit(dialogue, asked);
  if (!wanted) stage.screen.note(numberedLines(dialogue));
  else if (wanted.isAnswered)
    await answer(stage, (signal) => dialogue.edit(wanted.at, wanted.text, signal));
  else {
    for await (const _ of dialogue.edit(wanted.at, wanted.text)); // nothing is answered
    stage.screen.note(`Line ${wanted.at + 1} is now: ${wanted.text}`);
  }
}

async function turnTo(
  { conversations, screen }: ChatContext,
  name: string | undefined,
): Promise<void> {
  if (name !== undefined) await conversations.turnTo(name, interrupted());
  const { actor, conversation } = conversations.dialogue;
  const said = conversation.turns.length > 0 ? ', where you left off' : '';
  screen.note(`You talk with ${actor.persona.displayName} ${whereabouts(actor)}${said}.`);
  if (name !== undefined && actor.remark !== undefined) screen.note(actor.remark);
}

/** Shows an answer as it is spoken. Ctrl-C stops it; where the screen takes no Ctrl-C, the program. */
async function answer(
  stage: ChatContext,
  speak: (signal: AbortSignal) => AsyncGenerator<ReplyEvent>,
): Promise<void> {
  const { conversations, screen } = stage;
  const { dialogue } = conversations;
  const stopping = new AbortController();
  using _ = screen.stoppable(() => stopping.abort(new Interrupt('stopped')));
  const signal = AbortSignal.any([stopping.signal, interrupted()]);
  const name = dialogue.actor.persona.displayName;
  const droppedBefore = dialogue.last?.droppedTurns ?? 0;
  let reply: Reply | undefined;
  let isBegun = false;
  try {
    for await (const event of speak(signal)) {
      if (event.kind === 'adapters') {
        begin(screen, name, event);
        isBegun = true;
      }
      if (event.kind === 'text') screen.write(event.text);
      if (event.kind === 'done') reply = event;
    }
    screen.end(reply && cutMark(reply), reply);
    if (reply) noteBeside(stage, reply, droppedBefore);
  } catch (error) {
    if (isBegun) screen.end(stopping.signal.aborted ? '(stopped)' : undefined);
    if (!stopping.signal.aborted || interrupted().aborted) throw error;
  }
}

/** What an answer rests on, where that is asked for; and once, when the first turns go, that they are gone. */
function noteBeside(
  { conversations, screen, beside }: ChatContext,
  reply: Reply,
  droppedBefore: number,
): void {
  const { window, persona } = conversations.dialogue.actor;
  if (beside.sources) screen.note(sourcesText(reply));
  if (droppedBefore > 0 || reply.droppedTurns === 0) return;
  screen.note(
    `The oldest turns no longer fit into the window of ${window} tokens: from here on ${persona.displayName} answers without them. A chat begun with --context ${2 * window} has room for more.`,
  );
}

/** Sets whether sources are shown, where it was asked for, and says whether they are. */
function sourcesCommand({ beside }: ChatContext, asked: string | undefined): string {
  const wanted = asked?.toLowerCase();
  if (wanted !== undefined && wanted !== 'on' && wanted !== 'off') {
    return `“/sources ${asked}” is neither on nor off; give /sources on, or /sources off.`;
  }
  if (wanted !== undefined) beside.sources = wanted === 'on';
  return beside.sources
    ? 'Beside each answer stands the line of the play that it rests on; /sources off leaves it out.'
    : 'What an answer rests on is not shown; /sources on shows it.';
}

/** Begins an answer, after a line on what it is spoken with where that is new. */
function begin(screen: Screen, name: string, { adapters, remark, isNew }: AdaptersEvent): void {
  const now = `${name} now speaks with ${adaptersText(adapters)}.`;
  if (isNew) screen.note([now, remark].filter(Boolean).join(' '));
  screen.begin(name);
}

function movedTo({ actor, conversation }: Dialogue, place: string | undefined): string {
  if (place === 'off') actor.at = undefined;
  else if (place !== undefined) actor.at = requirePlace(actor.play, place);
  const later = conversation.turns.filter((turn) => isSaidLater(turn, actor.at)).length;
  const begun =
    later === 0
      ? ''
      : ` ${later} turn${later === 1 ? ' was' : 's were'} said at later points and ${later === 1 ? 'is' : 'are'} left out here: the talk begins anew from this place. /at off has everything back.`;
  return `You talk ${whereabouts(actor)}.${begun}`;
}

/** Such as "before 3.1 of Hamlet". */
export function whereabouts({ at, play }: Dialogue['actor']): string {
  if (play.acts.length === 0) return 'who is in no play';
  return at ? `before ${formatPlace(at)} of ${play.title}` : `when all of ${play.title} is over`;
}

function whoIs({ actor: { persona, at } }: Dialogue): string {
  const situation = persona.situation(at);
  return [persona.description, ...persona.relations, situation].filter(Boolean).join(' ');
}

function lastWords({ conversation }: Dialogue): string {
  const last = conversation.turns.findLast(({ speaker }) => speaker === VISITOR);
  return last
    ? `Taken back. Your last words are now: ${last.text}`
    : 'Nothing is left to take back.';
}

function transcript({ conversations, play, model }: ChatContext) {
  const { actor, conversation } = conversations.dialogue;
  return { character: actor.persona.displayName, play, model, turns: conversation.turns };
}

function help(): string {
  const usages = Object.entries(chatCommands);
  const column = Math.max(...usages.map(([usage]) => usage.length)) + 2;
  return [
    ...usages.map(([usage, what]) => `${usage.padEnd(column)}${what}`),
    'A line that ends in \\ goes on in the next. Ctrl-C stops an answer.',
    'Several lines are one message when they are pasted, or stand between """ and """. Ctrl-C twice at the prompt leaves.',
  ].join('\n');
}
