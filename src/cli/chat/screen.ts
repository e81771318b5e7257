import type { Reply } from '../../actor/reply.ts';

/** What a person does at a prompt. */
export type Input =
  | { readonly kind: 'line'; readonly text: string }
  /** Ctrl-C. */
  | { readonly kind: 'interrupt' }
  /** Ctrl-D, or the end of the file that lines come from. */
  | { readonly kind: 'end' };

/** Where a conversation takes place: a terminal, or plain streams. */
export interface Screen extends Disposable {
  /** The next line, without its end. */
  ask(): Promise<Input>;
  /** A note to the person: not a part of the conversation. */
  note(text: string): void;
  /** Begins an answer by somebody. */
  begin(name: string): void;
  /** A piece of it. */
  write(text: string): void;
  /** Ends it; `mark` says that it is not whole, `reply` is there if it is. */
  end(mark: string | undefined, reply?: Reply): void;
  /** Lets Ctrl-C stop an answer instead of the program, until disposed. */
  stoppable(stop: () => void): Disposable;
}
