import { join } from 'node:path';
import { adaptersText } from '../../actor/adapter-source.ts';
import { Conversations, type OpenConversation } from '../../actor/conversations.ts';
import type { Dialogue } from '../../actor/dialogue.ts';
import type { Sampling } from '../../engine/sampling.ts';
import type { LeverName } from '../../steer/lever-descriptions.ts';
import { folders } from '../../store/folders.ts';
import { whoIsMeant } from '../../workspace/cards/who-is-meant.ts';
import type { Dramatis } from '../../workspace/dramatis.ts';
import type { ActorRequest } from '../../workspace/open-actor.ts';
import type { OpenedActor } from '../../workspace/opened-actor.ts';
import { recordReplySpeed } from '../../workspace/record-reply-speed.ts';
import { suggestModel } from '../../workspace/suggest-model.ts';
import { UsageError } from '../failure.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { readGrammars } from '../options/read-grammar.ts';
import { cutMark } from '../terminal/cut-mark.ts';
import { faultText } from '../terminal/fault-text.ts';
import { betterModelText } from '../terminal/model-text.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { messages, output } from '../terminal/output.ts';
import { sourcesText } from '../terminal/sources-text.ts';
import { printable } from '../terminal/terminal-text.ts';
import { WordWrap } from '../terminal/word-wrap.ts';
import { converse, whereabouts } from './converse.ts';
import { lastExchange, lastWords } from './edit-lines.ts';
import { InputHistory } from './input-history.ts';
import { JsonLinesScreen } from './json-lines-screen.ts';
import { PlainScreen } from './plain-screen.ts';
import { type ReplyContext, replyJson } from './reply-json.ts';
import { resumed } from './resumed.ts';
import type { Screen } from './screen.ts';
import { TerminalScreen } from './terminal-screen.ts';

export interface ChatRequest extends ActorRequest, WorkspaceOptions {
  /** May be left out for a conversation that is gone on with, and with a card. */
  readonly character?: string | undefined;
  readonly play?: string | undefined;
  /** File that says who the character is. */
  readonly cardFile?: string | undefined;
  readonly steer: readonly LeverName[];
  readonly signal: AbortSignal;
  readonly seed?: number | undefined;
  readonly sampling: Partial<Sampling>;
  /** File of what each answer must match. */
  readonly grammar?: string | undefined;
  readonly maxTokens?: number | undefined;
  /** Says this, prints the answer and ends. */
  readonly say?: string | undefined;
  /** Goes on with the conversation of this id or name; empty: with the last one with this character. */
  readonly resume?: string | undefined;
  /** Goes on with a copy of it. */
  readonly fork?: boolean | undefined;
  readonly json: boolean;
  /** Whether the line of the play that an answer rests on stands beside it. */
  readonly sources: boolean;
}

/** `dramatis chat`: one answer, a conversation on the terminal, or one through a pipe. */
export async function runChat(asked: ChatRequest): Promise<void> {
  const request = await resumed(folders().conversations, asked);
  if (request.say !== undefined && request.say.trim() === '') {
    throw new UsageError('--say has no words in it');
  }
  const grammar = request.grammar === undefined ? '' : await readGrammars(request.grammar);
  using progress = new OpeningProgress();
  progress.begin('Opening the model');
  const dramatis = await openDramatis(request, progress.report);
  const { character, card, cardFile } = await whoIsMeant(dramatis, request);
  const isSingle = request.say !== undefined && !request.resume;
  const opened = await dramatis.actor(character, { ...request, card, isSingle });
  const { play, actor, modelName, memory = false } = opened;
  const talkWith = async (
    one: OpenedActor,
    resume: boolean | string,
  ): Promise<OpenConversation> => {
    const sampling = { ...request.sampling, grammar };
    const dialogue = await dramatis.dialogue(one, {
      ...request,
      cardFile,
      resume,
      sampling,
    });
    return { opened: one, dialogue };
  };
  const first = await talkWith(opened, request.resume);
  const { dialogue } = first;
  await using conversations = new Conversations(first, async (name, signal) => {
    // Whoever else is talked with has what is promoted for them.
    const adapter = request.adapter === 'none' ? 'none' : 'promoted';
    const of = { ...request, model: modelName, play, memory, adapter, signal };
    const another = await dramatis.actor(name, of);
    await another.actor.prepare(signal);
    return talkWith(another, request.resume === true);
  });
  const context = (): ReplyContext => ({
    character: conversations.dialogue.actor.character.name,
    play: play.id,
    model: modelName,
    form: actor.form,
    said: lastWords(conversations.dialogue),
  });
  const advice = await adviceFor(dramatis, request);
  progress.clear();
  if (request.say !== undefined) {
    if (advice !== undefined) messages.line(advice);
    if (actor.remark !== undefined) messages.line(actor.remark);
    const say = request.json ? sayAsJson : sayAsText;
    const { say: text, sources, signal } = request;
    await say({ dialogue, context: { ...context(), said: text }, opened, text, sources, signal });
    await recordReplySpeed(dramatis, opened.model, dialogue.last);
    return;
  }
  using screen = await openScreen(request, context);
  const { path, faults } = dialogue.conversation;
  for (const fault of faults) screen.note(faultText(path, fault));
  screen.note(opening(modelName, dialogue));
  const greeting = greetingOf(dialogue);
  if (greeting !== undefined) screen.note(greeting);
  if (advice !== undefined) screen.note(advice);
  if (actor.remark !== undefined) screen.note(actor.remark);
  for (const line of lastExchange(dialogue)) screen.note(line);
  const beside = { sources: request.sources && !request.json };
  await converse({ conversations, screen, play: play.id, model: modelName, beside });
  await recordReplySpeed(dramatis, opened.model, conversations.dialogue.last);
}

/** Said once to a person who left the choice of the model to us: which better one fits this machine. */
async function adviceFor(
  dramatis: Dramatis,
  { model, json }: Pick<ChatRequest, 'model' | 'json'>,
): Promise<string | undefined> {
  if (json || model !== undefined || process.env.CI) return undefined;
  const better = await suggestModel(dramatis);
  return better && betterModelText(better);
}

interface Once {
  readonly dialogue: Dialogue;
  readonly context: ReplyContext;
  readonly opened: OpenedActor;
  readonly text: string;
  readonly sources: boolean;
  readonly signal: AbortSignal;
}

async function sayAsText({ dialogue, opened, text, sources, signal }: Once): Promise<void> {
  const wrap = new WordWrap(() =>
    output.isTTY ? (output.columns ?? 80) - 1 : Number.POSITIVE_INFINITY,
  );
  let spoke = false;
  try {
    for await (const event of dialogue.say(text, signal)) {
      if (event.kind === 'recalled') opened.endRecall();
      if (event.kind !== 'text') continue;
      output.text(wrap.push(printable(event.text)));
      spoke = true;
    }
  } finally {
    if (spoke) output.line(wrap.end());
  }
  const cut = dialogue.last && cutMark(dialogue.last);
  if (cut !== undefined) messages.line(cut);
  if (sources && dialogue.last) output.line(sourcesText(dialogue.last));
}

async function sayAsJson({ dialogue, context, opened, text, signal }: Once): Promise<void> {
  for await (const event of dialogue.say(text, signal)) {
    if (event.kind === 'recalled') opened.endRecall();
    if (event.kind !== 'done') continue;
    const json = replyJson(context, event, event.firstTokenSinceStartMs);
    const { readyMs } = opened;
    output.json({ ...json, readyMs });
  }
}

async function openScreen(
  { json }: Pick<ChatRequest, 'json'>,
  context: () => ReplyContext,
): Promise<Screen> {
  if (json) return new JsonLinesScreen(context);
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY && process.env.TERM !== 'dumb';
  if (!isTerminal) return new PlainScreen();
  return TerminalScreen.open(new InputHistory(join(folders().state, 'chat-history')));
}

/** One line: who, where, with what, and how to leave. */
function opening(model: string, { actor, conversation, seed }: Dialogue): string {
  const { card, description: listed } = actor.character;
  const description = card?.role ?? listed;
  const who = actor.persona.displayName + (description ? `, ${description}` : '');
  const turns = conversation.turns.length;
  const gone = turns > 0 ? ` Going on after ${turns} turns.` : '';
  const adapters = actor.adapters.length > 0 ? ` with ${adaptersText(actor.adapters)}` : '';
  return `${who}, ${whereabouts(actor)} (${model}${adapters}, seed ${seed}).${gone} /help helps, Ctrl-C stops an answer, Ctrl-D leaves.`;
}

/** What a card has its character say before anybody has spoken. */
function greetingOf({ actor, conversation }: Dialogue): string | undefined {
  const { greeting } = actor.character.card ?? {};
  if (greeting === undefined || conversation.turns.length > 0) return undefined;
  return printable(`${actor.persona.displayName}: ${greeting}`);
}
