import { randomUUID } from 'node:crypto';
import { type AnswersNews, answerTogether, goOnTogether } from '../../actor/answer-together.ts';
import type { Sampling } from '../../engine/sampling.ts';
import { DramatisError } from '../../errors.ts';
import { displayName, listOf } from '../../play/cast/display-name.ts';
import { findCharacter } from '../../play/cast/find-character.ts';
import type { Play } from '../../play/play.ts';
import { type ChatMessage, chatPrompt } from '../../prompt/chat-prompt.ts';
import { type SceneLine, VISITOR } from '../../prompt/prompt.ts';
import { grammarOfJsonSchema } from '../../steer/grammar/json-schema/schema-grammar.ts';
import { longestReply } from '../../steer/steering.ts';
import { findSpeaker, type SpeakerName } from '../../workspace/speaker-names.ts';
import type { SpeakerLease } from '../../workspace/speakers.ts';
import { clientGone } from '../client-gone.ts';
import { Refusal } from '../failure.ts';
import type { App } from '../guarded-app.ts';
import type { Served } from '../served.ts';
import { drawingOf, finishOf, maxTokensOf, requireSupported } from './drawing.ts';
import { chatOdds } from './odds.ts';
import { type ChatBody, chatBody } from './schemas.ts';
import { countedAnswers, streamAnswers, usageOf, wholeAnswers } from './send-answers.ts';

/** A chat with a character, or with the model alone, as OpenAI's API has it. */
export function chatCompletionRoutes(app: App, served: Served): void {
  app.post(
    '/v1/chat/completions',
    { schema: { summary: 'The next message of a chat', body: chatBody } },
    async (request, reply) => {
      const { body } = request;
      requireSupported(body);
      const gone = clientGone(reply);
      const name = await speakerOf(served, body);
      const speakers = await served.speakers();
      using lease = await speakers.lease({
        name,
        steer: body.dramatis?.steer,
        memory: body.dramatis?.memory,
        answers: body.n ?? 1,
        signal: gone,
      });
      const writing = new ChatWriting(body, lease);
      const news = countedAnswers(served, answersOf(lease, body, name, gone));
      if (body.stream) {
        await streamAnswers(served, reply, news, writing);
        return reply;
      }
      return writing.whole(await wholeAnswers(news, body.n ?? 1));
    },
  );
}

/** Whom the request means; undefined for the model alone. */
async function speakerOf(served: Served, body: ChatBody): Promise<SpeakerName | undefined> {
  const engine = await served.engine();
  if (body.model === engine.modelName) return undefined;
  const { at, adapter } = body.dramatis ?? {};
  const found = await findSpeaker(served.plays, body.model);
  return { ...found, at: at ?? found.at, adapter: adapter ?? found.adapter };
}

function answersOf(
  { session, actor }: SpeakerLease,
  body: ChatBody,
  name: SpeakerName | undefined,
  signal: AbortSignal,
): AsyncGenerator<AnswersNews> {
  const { top_logprobs: top, logprobs } = body;
  if (typeof top === 'number' && logprobs !== true)
    throw new Refusal(400, 'invalid_value', 'top_logprobs was given without logprobs', {
      param: 'top_logprobs',
      remedy: 'Give "logprobs": true, too.',
    });
  const options = {
    ...drawingOf(body, formatOf(body)),
    maxTokens: maxTokensOf(body) ?? actor?.actor.steering.maxTokens ?? longestReply,
    ...(logprobs && { odds: top ?? 0 }),
    signal,
  };
  if (!actor || !name)
    return goOnTogether(session, chatPrompt(session.model, plainOf(body)), options);
  const { play } = name.play;
  const turns = linesOf(body, play, name.character);
  const { to } = body.dramatis ?? {};
  const manner = to === undefined ? undefined : `To ${displayName(findCharacter(play, to).name)}`;
  return answerTogether(actor.actor, { turns, manner }, options);
}

/** What an answer must look like. */
function formatOf({ response_format: format }: ChatBody): Partial<Sampling> {
  if (!format || format.type === 'text') return {};
  if (format.type === 'json_object') return { grammar: grammarOfJsonSchema({ type: 'object' }) };
  const schema = format.json_schema?.schema;
  if (!schema)
    throw new Refusal(400, 'invalid_value', 'a schema is wanted', {
      param: 'response_format.json_schema.schema',
    });
  return { grammar: grammarOfJsonSchema(schema) };
}

type Message = ChatBody['messages'][number];

/** @throws {Refusal} 400 for what is no text. */
function textOf({ content }: Message, at: number): string {
  if (typeof content === 'string') return content;
  const parts = content ?? [];
  const other = parts.find(({ type }) => type !== 'text');
  if (other)
    throw new Refusal(400, 'unsupported_parameter', `a part of type "${other.type}" is not read`, {
      param: `messages[${at}].content`,
      remedy: 'Send text.',
    });
  return parts.map(({ text = '' }) => text).join('');
}

/** Messages as lines of a scene: users who are nobody of the play are a visitor, what a system says is a direction. */
function linesOf(body: ChatBody, play: Play, character: string): readonly SceneLine[] {
  const { cast } = body.dramatis ?? {};
  const here = cast?.map((one) => displayName(findCharacter(play, one).name));
  const said = body.messages.map((message, at): SceneLine => {
    const text = textOf(message, at).trim();
    const { role, name } = message;
    if (role === 'system' || role === 'developer') return { text };
    const own = role === 'assistant' ? character : VISITOR;
    return { speaker: name === undefined ? own : nameIn(play, name, own), text };
  });
  const lines = said.filter(({ text }) => text !== '');
  if (!lines.some(({ speaker }) => speaker !== undefined))
    throw new Refusal(400, 'invalid_value', 'nobody says anything', {
      param: 'messages',
      remedy: 'Send a message of role "user".',
    });
  return here && here.length > 0 ? [{ text: `${listOf(here)} on stage.` }, ...lines] : lines;
}

/** Clients write names without spaces: "lady_macbeth". */
function nameIn(play: Play, name: string, otherwise: string): string {
  try {
    return findCharacter(play, name.replaceAll(/[_-]+/g, ' ')).name;
  } catch (error) {
    if (error instanceof DramatisError) return otherwise;
    throw error;
  }
}

function plainOf({ messages }: ChatBody): readonly ChatMessage[] {
  return messages.map((message, at) => {
    const { role } = message;
    const plain = role === 'assistant' || role === 'user' ? role : 'system';
    return { role: plain, text: textOf(message, at) };
  });
}

/** Writes answers down as chat completions, whole or in chunks. */
class ChatWriting {
  readonly #id = `chatcmpl-${randomUUID().replaceAll('-', '')}`;
  readonly #created = Math.floor(Date.now() / 1000);
  readonly #body: ChatBody;
  readonly #lease: SpeakerLease;
  #read: Extract<AnswersNews, { kind: 'read' }> | undefined;

  constructor(body: ChatBody, lease: SpeakerLease) {
    this.#body = body;
    this.#lease = lease;
  }

  get #head() {
    return { id: this.#id, created: this.#created, model: this.#body.model };
  }

  get #hasUsage(): boolean {
    return this.#body.stream_options?.include_usage === true;
  }

  readonly of = (news: AnswersNews): readonly object[] => {
    switch (news.kind) {
      case 'read':
        this.#read = news;
        return Array.from({ length: this.#body.n ?? 1 }, (_, index) =>
          this.#chunk({ index, delta: { role: 'assistant', content: '' } }),
        );
      case 'text': {
        const logprobs = this.#body.logprobs ? chatOdds(this.#model, news.odds) : null;
        return [this.#chunk({ index: news.part, delta: { content: news.text }, logprobs })];
      }
      case 'done':
        return [this.#chunk({ index: news.part, delta: {}, finish_reason: finishOf(news.stop) })];
    }
  };

  get usage() {
    if (!this.#hasUsage) return undefined;
    return (usage: object): object => ({
      ...this.#head,
      object: 'chat.completion.chunk',
      choices: [],
      usage,
      ...this.#explained(),
    });
  }

  whole({ texts, odds, done, read }: Awaited<ReturnType<typeof wholeAnswers>>): object {
    this.#read = read;
    return {
      ...this.#head,
      object: 'chat.completion',
      choices: texts.map((content, index) => ({
        index,
        message: { role: 'assistant', content, refusal: null },
        logprobs: this.#body.logprobs ? chatOdds(this.#model, odds[index]!) : null,
        finish_reason: finishOf(done[index]!.stop),
      })),
      usage: usageOf(
        read,
        done.map(({ tokens }) => tokens),
      ),
      ...this.#explained(),
    };
  }

  get #model() {
    return this.#lease.session.model;
  }

  #chunk(choice: object): object {
    return {
      ...this.#head,
      object: 'chat.completion.chunk',
      choices: [{ logprobs: null, finish_reason: null, ...choice }],
      ...(this.#hasUsage && { usage: null }),
    };
  }

  /** What the character recalled, and what it speaks with, for who wants to know. */
  #explained(): object {
    const { actor } = this.#lease;
    if (!this.#body.dramatis?.explain || !actor) return {};
    const recalled = (this.#read?.recalled ?? []).map(({ place, speaker, text }) => ({
      ...{ place, speaker, text },
    }));
    return {
      dramatis: {
        character: actor.actor.character.name,
        play: actor.play.id,
        recalled,
        adapters: actor.actor.adapters.map(({ id }) => id),
        steer: actor.levers.on,
      },
    };
  }
}
