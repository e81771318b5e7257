import { Type } from 'typebox';
import { freeMemory } from '../../hub/model-memory.ts';
import { displayName } from '../../play/cast/display-name.ts';
import { findSpeaker, type ListedSpeaker, listSpeakers } from '../../workspace/speaker-names.ts';
import { ClientStream } from '../client-stream.ts';
import { Refusal } from '../failure.ts';
import { type App, type GuardedOptions, makeGuardedApp } from '../guarded-app.ts';
import { serveDemoPage } from '../page-files.ts';
import type { Served } from '../served.ts';
import { AddressLimits } from './address-limits.ts';
import { demoLimits } from './demo-limits.ts';
import { DemoSessions } from './demo-sessions.ts';
import { Line } from './line.ts';
import { sendTurn } from './send-turn.ts';

export interface DemoAppOptions extends Omit<GuardedOptions, 'bodyBytes' | 'logsBodies' | 'keys'> {
  /** Whether turns are let in yet; as soon as the model is open unless given. */
  readonly isReady?: (() => boolean) | undefined;
  /** Whether what characters witnessed is recalled. Default: true. */
  readonly memory?: boolean | undefined;
  /** Bytes of memory that are free; tests say so themselves. */
  readonly freeBytes?: (() => number) | undefined;
  /** Milliseconds of a clock that never goes back; tests give their own. */
  readonly now?: (() => number) | undefined;
  /** Milliseconds of an answer, at most; a minute unless given. */
  readonly turnMs?: number | undefined;
}

const turnBody = Type.Object(
  {
    character: Type.String({ minLength: 1, maxLength: 100 }),
    text: Type.String({ minLength: 1, maxLength: demoLimits.characters }),
    conversation: Type.Optional(Type.String({ pattern: '^[0-9a-f-]{36}$' })),
  },
  { additionalProperties: false },
);

/**
 * A server that strangers may use: a page, the turns of a conversation and nothing else. No file, no training, no adapter, no
 * setting of the model can be named, and what is said is held in memory alone.
 */
export async function makeDemoApp(served: Served, options: DemoAppOptions): Promise<App> {
  const app = makeGuardedApp(served.metrics, {
    ...options,
    ...{ bodyBytes: demoLimits.bodyBytes, remedyOfPath: 'The page is at "/".' },
  });
  const demo = new Demo(served, options);
  app.get('/health', (_, reply) => {
    if (!demo.isReady) reply.code(503).header('retry-after', '5');
    const status = demo.isReady || served.status !== 'ok' ? served.status : 'loading';
    return reply.send({ status, waiting: demo.line.length });
  });
  app.get('/api/characters', async () => ({ characters: await demo.characters() }));
  app.get(
    '/api/conversations/:id',
    { schema: { params: Type.Object({ id: Type.String() }) } },
    ({ params }, reply) => {
      const { character, lines } = demo.conversation(params.id);
      return reply.header('cache-control', 'no-store').send({ character, lines });
    },
  );
  app.post('/api/turns', { schema: { body: turnBody } }, async ({ body, ip }, reply) => {
    demo.requireRoom();
    const session = await demo.sessionOf(body.character, body.conversation);
    const speaker = await findSpeaker(served.plays, session.character);
    using place = demo.line.enter();
    demo.count(ip);
    using _turn = demo.hold(session.id);
    const stream = new ClientStream(reply, 'application/x-ndjson; charset=utf-8');
    served.streams.add(stream);
    const { sessions, turnMs } = demo;
    const text = body.text.trim();
    const { memory, fault } = options;
    await sendTurn(
      { served, sessions, session, speaker, text, place, turnMs, memory, fault },
      stream,
    );
    return reply;
  });
  await app.after();
  await serveDemoPage(app);
  return app;
}

/** What all routes of a demo share. */
class Demo {
  readonly line = new Line(demoLimits.waiting);
  readonly sessions = new DemoSessions({
    bytes: demoLimits.sessionBytes,
    lines: demoLimits.lines,
  });
  readonly turnMs: number;
  readonly #addresses = new AddressLimits(demoLimits);
  readonly #speaking = new Set<string>();
  readonly #served: Served;
  readonly #options: DemoAppOptions;
  readonly #freeBytes: () => number;
  readonly #now: () => number;
  #listed: Promise<readonly ListedSpeaker[]> | undefined;

  constructor(served: Served, options: DemoAppOptions) {
    const { freeBytes = freeMemory, now = () => performance.now() } = options;
    this.#served = served;
    this.#options = options;
    this.#freeBytes = freeBytes;
    this.#now = now;
    this.turnMs = options.turnMs ?? demoLimits.turnMs;
  }

  get isReady(): boolean {
    return this.#served.status === 'ok' && (this.#options.isReady?.() ?? true);
  }

  /** Those who may be talked with: who speak much in the plays that are here. */
  async characters(): Promise<{ id: string; name: string; play: string }[]> {
    const listed = await this.#speakers();
    return listed.map(({ id, play, character }) => ({ id, name: displayName(character), play }));
  }

  /** @throws {Refusal} 404 for a conversation that there is not, or that was forgotten. */
  conversation(id: string) {
    const found = this.sessions.get(id);
    if (found) return found;
    throw new Refusal(404, 'conversation_unknown', 'this conversation was forgotten', {
      remedy: 'Begin anew: only so many are held, in memory alone.',
    });
  }

  /** The conversation that a turn goes on with, or a fresh one. @throws {Refusal} 404, 400 */
  async sessionOf(character: string, id: string | undefined) {
    if (id === undefined) {
      const listed = await this.#speakers();
      if (listed.some((one) => one.id === character)) return this.sessions.fresh(character);
      throw new Refusal(404, 'character_unknown', 'nobody here is called that', {
        param: 'character',
        remedy: 'See /api/characters.',
      });
    }
    const found = this.conversation(id);
    if (found.character === character) return found;
    throw new Refusal(400, 'character_other', `${found.character} is talked with here`, {
      param: 'character',
      remedy: 'Begin another conversation.',
    });
  }

  /** @throws {Refusal} 503 while the model is being opened, or where memory runs short. */
  requireRoom(): void {
    if (!this.isReady)
      throw new Refusal(503, 'not_ready', 'the model is being opened', { retryAfter: 5 });
    if (this.#freeBytes() < demoLimits.freeBytes)
      throw new Refusal(503, 'memory_short', 'there is no room for another turn', {
        remedy: 'Try again in a while.',
        retryAfter: 30,
      });
  }

  /** @throws {Refusal} 429 for an address that has taken as many turns as it may. */
  count(address: string): void {
    const wait = this.#addresses.take(address, this.#now());
    if (wait === 0) return;
    const { perMinute, perHour } = demoLimits;
    throw new Refusal(
      429,
      'rate_limit_exceeded',
      `${perMinute} turns a minute and ${perHour} an hour are let in from one address`,
      { retryAfter: wait },
    );
  }

  /** One turn of a conversation at a time. @throws {Refusal} 409 */
  hold(id: string): Disposable {
    if (this.#speaking.has(id))
      throw new Refusal(409, 'turn_running', 'the last turn of this conversation is not over', {
        retryAfter: 2,
      });
    this.#speaking.add(id);
    return { [Symbol.dispose]: () => this.#speaking.delete(id) };
  }

  #speakers(): Promise<readonly ListedSpeaker[]> {
    this.#listed ??= listSpeakers(this.#served.plays);
    return this.#listed;
  }
}
