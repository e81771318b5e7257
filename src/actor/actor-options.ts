import type { Model } from '../engine/model.ts';
import type { ActiveAdapter } from '../engine/session/active-adapters.ts';
import type { Cache } from '../engine/session/cache.ts';
import type { Memory } from '../memory/memory.ts';
import type { CastMember, Place, Play } from '../play/play.ts';
import type { Form } from '../prompt/prompt.ts';
import type { PromptTemplate } from '../prompt/prompt-template.ts';
import type { Steering } from '../steer/steering.ts';
import type { AdapterSource } from './adapter-source.ts';

export interface ActorOptions {
  readonly play: Play;
  readonly character: CastMember;
  /** Stays the caller's to dispose of, as the adapters and the cache do. */
  readonly model: Model;
  /** A cache of the model that other actors share: all of them can speak in one step. Default: one of its own. */
  readonly cache?: Cache | undefined;
  /** Active in every reply; their effects add up. */
  readonly adapters?: readonly ActiveAdapter[] | undefined;
  /** In place of `adapters`: asked before each reply which adapters are active. */
  readonly adapterSource?: AdapterSource | undefined;
  /** Without it nothing is recalled. */
  readonly memory?: Memory | undefined;
  readonly steering: Steering;
  /** The point in the story; the character knows nothing of what comes after it. */
  readonly at?: Place | undefined;
  /** Default: what the model is made for. */
  readonly form?: Form | undefined;
  /** Tokens of the session; of no effect with `cache`, which has its own. */
  readonly window?: number | undefined;
  /** The words in which the persona is written. */
  readonly template?: PromptTemplate | undefined;
  /** What the character's manner may be read off, where drafts are judged by it: the train scenes. Default: the play. */
  readonly shown?: (() => Play) | undefined;
  /** Where the states of personas are kept from one process to the next. */
  readonly stateFolder: string;
}
