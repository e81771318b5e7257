import type { Pointer } from './refuse-keyword.ts';
import type { Schema } from './schema.ts';

/** What the grammars of the types ask of the whole. */
export interface Rules {
  /** Name of the rule of a schema. */
  of(schema: Schema, at: Pointer): string;
  /** Whether nothing at all fits a schema. */
  isNothing(schema: Schema, at: Pointer): boolean;
  /** Adds a rule of its own, and gives its name. */
  add(hint: string, body: string): string;
  /** Name of a rule that is written when it is asked for first. */
  shared(name: string, body: () => string): string;
}
