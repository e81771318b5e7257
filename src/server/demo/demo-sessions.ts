import { randomUUID } from 'node:crypto';

/** One line of a conversation. */
export interface DemoLine {
  readonly by: 'visitor' | 'character';
  readonly text: string;
}

/** A visitor's conversation with one character. */
export interface DemoSession {
  /** 122 random bits: who does not know it cannot ask for the conversation. */
  readonly id: string;
  /** Name of the character, as it was asked for. */
  readonly character: string;
  readonly lines: readonly DemoLine[];
}

/** What a conversation takes beside its words, about, in bytes. */
const headBytes = 500;
const lineBytes = 64;

/**
 * Conversations of a demo: in memory alone, and no more than so many bytes of them. The one that was not gone on with for
 * longest is forgotten first.
 */
export class DemoSessions {
  readonly #mostBytes: number;
  readonly #mostLines: number;
  /** The one that was gone on with last stands at the end. */
  readonly #sessions = new Map<string, DemoSession>();
  #bytes = 0;

  constructor({ bytes, lines }: { readonly bytes: number; readonly lines: number }) {
    this.#mostBytes = bytes;
    this.#mostLines = lines;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Undefined for one that there is not, or that was forgotten. */
  get(id: string): DemoSession | undefined {
    return this.#sessions.get(id);
  }

  /** A conversation without a line, which is kept once one is said. */
  fresh(character: string): DemoSession {
    return { id: randomUUID(), character, lines: [] };
  }

  /** Keeps a conversation with what was said in it last; of a long one the end. */
  say(session: DemoSession, ...said: readonly DemoLine[]): DemoSession {
    const lines = [...session.lines, ...said].slice(-this.#mostLines);
    const kept = { ...session, lines };
    this.#drop(session.id);
    this.#sessions.set(session.id, kept);
    this.#bytes += bytesOf(kept);
    for (const id of this.#sessions.keys()) {
      if (this.#bytes <= this.#mostBytes) break;
      this.#drop(id);
    }
    return kept;
  }

  #drop(id: string): void {
    const known = this.#sessions.get(id);
    if (!known) return;
    this.#bytes -= bytesOf(known);
    this.#sessions.delete(id);
  }
}

/** Text is held in two bytes a character. */
const bytesOf = ({ lines }: DemoSession): number =>
  headBytes + lines.reduce((sum, { text }) => sum + lineBytes + 2 * text.length, 0);
