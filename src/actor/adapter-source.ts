import type { ActiveAdapter } from '../engine/session/active-adapters.ts';
import { idDigits } from '../registry/version.ts';

/** The adapters that are active at one time. */
export interface AdapterSelection {
  /** Their effects add up; what lies under another comes first. None: the model alone. */
  readonly adapters: readonly ActiveAdapter[];
  /** A sentence for the reader: what is not used although it is promoted and why, or what was trained with an earlier prompt. */
  readonly remark?: string | undefined;
}

/** Decides which adapters of an actor are active. */
export interface AdapterSource {
  /**
   * The adapters to be active from now on: the same object as long as nothing has changed. It is asked before every answer,
   * and is cheap then.
   *
   * @throws {DramatisError} If it cannot be had: nothing may be said then, least of all with other adapters.
   */
  current(): Promise<AdapterSelection>;
}

/** A source that gives the same adapters at all times. */
export function always(adapters: readonly ActiveAdapter[], remark?: string): AdapterSource {
  const selection = { adapters, remark };
  return { current: async () => selection };
}

/** An adapter as a reply and a conversation's journal name it. */
export interface AdapterName {
  /** First digits of the file's sha256: the id of a version in the registry. */
  readonly id: string;
  readonly scale: number;
}

export function namesOf(adapters: readonly ActiveAdapter[]): AdapterName[] {
  return adapters.map(({ adapter, scale }) => ({ id: adapter.hash.slice(0, idDigits), scale }));
}

/** Such as "3f9ac0d1be52 on 0c11a2b3c4d5", or "the model alone". */
export function adaptersText(names: readonly AdapterName[]): string {
  const named = names.map(({ id, scale }) => (scale === 1 ? id : `${id} × ${scale}`));
  return named.length === 0 ? 'the model alone' : named.reverse().join(' on ');
}
