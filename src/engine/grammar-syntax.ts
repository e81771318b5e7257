import { Grammar } from './grammar.ts';
import { native } from './native.ts';
import { settle, settleNow } from './settle.ts';

/** A part of a rule. Code points are numbers; ranges include both ends. */
export type GrammarExpression =
  | { readonly kind: 'text'; readonly codePoints: readonly number[] }
  | {
      readonly kind: 'set';
      /** A character not listed. */
      readonly negated: boolean;
      readonly ranges: readonly (readonly [low: number, high: number])[];
    }
  /** `rule`: index into `GrammarSyntax.rules`. */
  | { readonly kind: 'rule'; readonly rule: number }
  | { readonly kind: 'token'; readonly negated: boolean; readonly text: string }
  | { readonly kind: 'sequence'; readonly parts: readonly GrammarExpression[] }
  | {
      readonly kind: 'choice';
      /** Multiplicative, of each part. */
      readonly weights: readonly number[];
      readonly parts: readonly GrammarExpression[];
    }
  | {
      readonly kind: 'repeat';
      readonly least: number;
      /** Null: any number. */
      readonly most: number | null;
      /** Soft length, with its spread. */
      readonly aim?: number;
      readonly spread?: number;
      readonly part: GrammarExpression;
    };

export interface GrammarRule {
  readonly name: string;
  readonly attributes: { readonly temp?: number; readonly minp?: number; readonly max?: number };
  readonly body: GrammarExpression;
}

/** A grammar as written. */
export interface GrammarSyntax {
  /** Index into `rules`. */
  readonly root: number;
  readonly rules: readonly GrammarRule[];
  /** Words and phrases; weights in nats. */
  readonly entries: readonly {
    readonly text: string;
    readonly weight: number;
    readonly banned: boolean;
  }[];
  /** Words that match a pattern as a whole. */
  readonly classes: readonly {
    readonly source: string;
    readonly weight: number;
    readonly pattern: GrammarExpression;
  }[];
}

/** @throws {DramatisError} GRAMMAR_INVALID, with line, column and caret. */
export function parseGrammar(text: string): GrammarSyntax {
  return JSON.parse(settleNow(() => native().parseGrammar(text))) as GrammarSyntax;
}

/**
 * What `parseGrammar` gives, worked out aside from JavaScript's thread, of a grammar that a chat would not refuse either: how
 * it begins is looked at, too.
 *
 * @throws {DramatisError} GRAMMAR_INVALID
 */
export async function checkGrammar(text: string): Promise<GrammarSyntax> {
  return JSON.parse(await settle(native().checkGrammar(text))) as GrammarSyntax;
}

/**
 * A grammar for a vocabulary of the 256 bytes, no model needed: token n is the byte n.
 *
 * @throws {DramatisError} GRAMMAR_INVALID
 */
export function byteGrammar(text: string): Grammar {
  return new Grammar(
    text,
    settleNow(() => native().byteGrammar(text)),
  );
}

/** log W of a text in nats; undefined if the grammar refuses it. */
export function weighText(grammar: Grammar, text: string): number | undefined {
  using matcher = grammar.matcher();
  for (const byte of Buffer.from(text)) if (!matcher.accept(byte)) return undefined;
  return matcher.finishedNats;
}
