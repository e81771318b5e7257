import { DramatisError } from '../../errors.ts';
import type { Policy } from '../../stage/events.ts';

/** Policies by which scenes of the benchmark may choose who speaks; the first is the default. */
export const scenePolicies = [
  'turn-model',
  'round-robin',
  'aba',
  'random',
  'model',
] as const satisfies readonly Policy[];
type ScenePolicy = (typeof scenePolicies)[number];

/** What a setting changes, as a scene is asked for. */
export interface SceneChange {
  /** Whether the labels of those who are not on stage may be written. */
  readonly tags?: false;
  /** Turns of others that repetition penalties see. */
  readonly othersHeld?: number;
  readonly drafts?: number;
  readonly memory?: false | 'speeches';
  readonly isAddressing?: true;
  /** Whether everybody speaks with what is promoted for them; the base model alone unless set. */
  readonly adapters?: true;
}

/** What differs from the default in each setting of the benchmark: one thing. */
const changes = {
  default: {},
  'no-tags': { tags: false },
  'no-dry-others': { othersHeld: 0 },
  'drafts-3': { drafts: 3 },
  'no-digests': { memory: 'speeches' },
  'no-memory': { memory: false },
  addressee: { isAddressing: true },
  adapters: { adapters: true },
} as const satisfies Readonly<Record<string, SceneChange>>;

export type SceneSetting = keyof typeof changes;
export const sceneSettings = Object.keys(changes) as SceneSetting[];

/** One way of playing scenes: who chooses the speaker, and one difference from the default at most. */
export interface SceneArm {
  /** "turn-model", "round-robin", "turn-model, no-tags". */
  readonly name: string;
  readonly policy: ScenePolicy;
  readonly setting: SceneSetting;
  readonly change: SceneChange;
}

function armOf(policy: ScenePolicy, setting: SceneSetting): SceneArm {
  const name = setting === 'default' ? policy : `${policy}, ${setting}`;
  return { name, policy, setting, change: changes[setting] };
}

/**
 * The default, which all are held against, then each other policy as it is, then each other setting with the default policy.
 *
 * @throws {DramatisError} USAGE for a name that none has.
 */
export function sceneArms(
  policies: readonly string[] = [],
  settings: readonly string[] = [],
): readonly SceneArm[] {
  const [usual] = scenePolicies;
  const others = policies.map((name) => known(name, scenePolicies, '--policies'));
  const set = settings.map((name) => known(name, sceneSettings, '--settings'));
  return [
    armOf(usual, 'default'),
    ...[...new Set(others)].filter((one) => one !== usual).map((one) => armOf(one, 'default')),
    ...[...new Set(set)].filter((one) => one !== 'default').map((one) => armOf(usual, one)),
  ];
}

function known<T extends string>(given: string, names: readonly T[], option: string): T {
  const found = names.find((name) => name === given.trim());
  if (found !== undefined) return found;
  throw new DramatisError('USAGE', `${option} has "${given}"; there are ${names.join(', ')}`);
}
