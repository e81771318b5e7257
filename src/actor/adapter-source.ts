import type { ActiveAdapter } from '../engine/session/active-adapters.ts';
import { idDigits } from '../registry/version.ts';

/** What somebody wears at one time. */
export interface AdapterSelection {
  /** Their effects add up; what lies under another comes first. None: the model alone. */
  readonly adapters: readonly ActiveAdapter[];
  /** A sentence for the reader: what is not used although it is promoted and why, or what was trained with an earlier prompt. */
  readonly remark?: string | undefined;
}

/** Tells an actor what to wear. */
export interface AdapterSource {
  /**
   * What is to be worn from now on: the same object as long as nothing has changed. It is asked before every answer,
   * and is cheap then.
   *
   * @throws {DramatisError} If it cannot be had: nothing may be said then, least of all in another costume.
   */
  current(): Promise<AdapterSelection>;
}

/** The same at all times. */
export function always(adapters: readonly ActiveAdapter[], remark?: string): AdapterSource {
  const costume = { adapters, remark };
  return { current: async () => costume };
}

/** An adapter as a reply and a conversation's journal name it. */
export interface AdapterName {
  /** Of its content: the first digits of the file's sha256, which is what the registry calls a version. */
  readonly id: string;
  readonly scale: number;
}

export function namesOf(adapters: readonly ActiveAdapter[]): AdapterName[] {
  return adapters.map(({ adapter, scale }) => ({ id: adapter.hash.slice(0, idDigits), scale }));
}

/** Such as "3f9ac0d1be52 on 0c11a2b3c4d5", or "the model alone". */
export function adaptersText(names: readonly AdapterName[]): string {
  const told = names.map(({ id, scale }) => (scale === 1 ? id : `${id} × ${scale}`));
  return told.length === 0 ? 'the model alone' : told.reverse().join(' on ');
}
