import { DramatisError } from '../../../errors.ts';

/** Where in a schema something stands, as a JSON Pointer: "#/properties/name". */
export type Pointer = string;

/**
 * The error for a part of a JSON Schema that no grammar here can keep.
 *
 * @param what The keyword in quotes and why, such as `"uniqueItems" cannot be kept`.
 */
export function refuseAt(at: Pointer, what: string): never {
  throw new DramatisError('GRAMMAR_INVALID', `the JSON Schema at ${at}: ${what}`, {
    remedy:
      'Leave that keyword out or say it otherwise; src/steer/grammar/grammar.md lists what is kept.',
  });
}
