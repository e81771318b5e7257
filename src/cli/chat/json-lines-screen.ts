import type { Reply } from '../../actor/reply.ts';
import { output } from '../terminal/output.ts';
import { PlainScreen } from './plain-screen.ts';
import { type ReplyContext, replyJson } from './reply-json.ts';
import type { Input, Screen } from './screen.ts';

/** A conversation through streams for a program: an object on stdout for each answer, one a line. */
export class JsonLinesScreen implements Screen {
  readonly #context: () => ReplyContext;
  readonly #plain = new PlainScreen();

  /** @param context Asked when an answer ends. */
  constructor(context: () => ReplyContext) {
    this.#context = context;
  }

  ask(): Promise<Input> {
    return this.#plain.ask();
  }

  note(text: string): void {
    this.#plain.note(text);
  }

  begin(): void {}

  write(): void {}

  end(_mark: string | undefined, reply?: Reply): void {
    if (!reply) return;
    const json = replyJson(this.#context(), reply, reply.firstTokenMs);
    output.jsonLine(json);
  }

  stoppable(): Disposable {
    return this.#plain.stoppable();
  }

  [Symbol.dispose](): void {
    this.#plain[Symbol.dispose]();
  }
}
