import { signal } from '@preact/signals';
import { ApiFailure } from './http.ts';
import { serverSentEvents } from './server-sent-events.ts';

/** What one of the two said. */
export interface Said {
  readonly role: 'user' | 'assistant';
  readonly text: string;
  /** Whether it was stopped before its end. */
  readonly isCut?: true;
}

/** A chunk of a chat as OpenAI's endpoint streams it. */
interface Chunk {
  readonly choices?: readonly { readonly delta?: { readonly content?: string } }[];
  readonly error?: { readonly message?: string; readonly code?: string; readonly remedy?: string };
}

/**
 * A talk of the reader with one character, over the same endpoint that any other client has. It is kept in this browser,
 * word by word, so that it stands as it was after a reload.
 */
export class Talk {
  /** Name of the character's model, such as "hamlet@3.1". */
  readonly model: string;
  readonly said = signal<readonly Said[]>([]);
  /** Words of the answer that is spoken; undefined between answers. */
  readonly words = signal<string | undefined>(undefined);
  readonly failure = signal<ApiFailure | undefined>(undefined);
  #stop: AbortController | undefined;

  constructor(model: string) {
    this.model = model;
    this.said.value = kept(model);
  }

  /** Says something and hears the answer; returns when that is over. */
  async say(text: string): Promise<void> {
    this.#keep([...this.said.value, { role: 'user', text }]);
    await this.#hear();
  }

  /** Hears another answer to what was said last. */
  async again(): Promise<void> {
    const said = this.said.value;
    this.#keep(said.at(-1)?.role === 'assistant' ? said.slice(0, -1) : said);
    await this.#hear();
  }

  /** Stops the answer: what was said until then stays. */
  stop(): void {
    this.#stop?.abort();
  }

  /** Forgets all that was said. */
  clear(): void {
    this.stop();
    this.#keep([]);
  }

  async #hear(): Promise<void> {
    const stop = new AbortController();
    this.#stop = stop;
    this.failure.value = undefined;
    const asked = this.said.value;
    this.words.value = '';
    try {
      for await (const text of this.#answer(asked, stop.signal)) {
        this.words.value += text;
        keep(this.model, [...asked, { role: 'assistant', text: this.words.value, isCut: true }]);
      }
    } catch (error) {
      if (error instanceof ApiFailure) this.failure.value = error;
      else if (!stop.signal.aborted)
        this.failure.value = new ApiFailure(0, {
          error: {
            message: 'the server went away in the middle of the answer',
            remedy: 'Ask again.',
          },
        });
    }
    const text = this.words.value ?? '';
    const isCut = stop.signal.aborted || this.failure.value !== undefined;
    this.words.value = undefined;
    if (this.said.value !== asked) return; // it was forgotten meanwhile
    if (text === '') return;
    this.#keep([...asked, { role: 'assistant', text, ...(isCut && { isCut }) }]);
  }

  async *#answer(said: readonly Said[], signal: AbortSignal): AsyncGenerator<string> {
    const response = await fetch('/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-dramatis': '1' },
      body: JSON.stringify({
        model: this.model,
        stream: true,
        messages: said.map(({ role, text }) => ({ role, content: text })),
      }),
      signal,
    });
    if (!response.ok || !response.body)
      throw new ApiFailure(response.status, await response.json().catch(() => undefined));
    for await (const data of serverSentEvents(response.body)) {
      if (data === '[DONE]') return;
      const { choices, error } = JSON.parse(data) as Chunk;
      if (error) throw new ApiFailure(500, { error: { ...error, code: error.code ?? 'error' } });
      const text = choices?.[0]?.delta?.content;
      if (text) yield text;
    }
  }

  #keep(said: readonly Said[]): void {
    this.said.value = said;
    keep(this.model, said);
  }
}

const keyOf = (model: string): string => `dramatis.talk.${model}`;

function keep(model: string, said: readonly Said[]): void {
  try {
    localStorage.setItem(keyOf(model), JSON.stringify(said));
  } catch {
    // The browser has no more room: the talk goes on, and is not kept.
  }
}

function kept(model: string): readonly Said[] {
  try {
    return JSON.parse(localStorage.getItem(keyOf(model)) ?? '[]') as readonly Said[];
  } catch {
    return [];
  }
}
