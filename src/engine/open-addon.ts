import { DramatisError } from '../errors.ts';
import { describeMachine, type Machine, platformName } from './machine.ts';

/** Systems that a package brings the addon for, by the names that `platformName` gives. */
export const packagedPlatforms = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64'] as const;

/** `build.json` beside an addon in a package: what it is made for. */
export interface AddonFacts {
  /** The version of dramatis that it belongs to. */
  readonly version: string;
  readonly platform: string;
  readonly arch: string;
  /** The library that it is linked with, and the oldest version that has all it needs. */
  readonly libc?: { readonly family: string; readonly version: string };
}

/** A folder in which the addon may lie. */
export interface AddonPlace {
  /** Such as "@dramatis/linux-x64" or "the checkout". */
  readonly name: string;
  /** Path of dramatis.node; undefined if there is none. */
  readonly path: string | undefined;
  /** Undefined if nothing is known. */
  readonly facts?: AddonFacts | undefined;
}

/** Where the addon is looked for, and what the answer depends on. */
export interface AddonSearch {
  /** In the order in which they are tried. */
  readonly places: readonly AddonPlace[];
  readonly machine: Machine;
  /** The version of dramatis that runs. */
  readonly version: string;
  /** Names of installed packages that are made for other systems. */
  readonly others: readonly string[];
}

/**
 * Opens the first addon that is made for this system and loads. Where none does, one error names the system, what was
 * found and what helps.
 *
 * @throws {DramatisError} NATIVE_MISSING
 */
export function openAddon<Addon>(
  search: AddonSearch,
  open: (path: string) => Addon,
): { readonly addon: Addon; readonly path: string } {
  const reasons: string[] = [];
  for (const place of search.places) {
    const fault = placeFault(place, search);
    if (fault === undefined)
      try {
        return { addon: open(place.path!), path: place.path! };
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        reasons.push(`${place.name} does not load: ${reason.split('\n')[0]}`);
      }
    else reasons.push(`${place.name} ${fault}`);
  }
  const others = search.others.length > 0 ? `; found ${search.others.join(', ')} instead` : '';
  throw new DramatisError(
    'NATIVE_MISSING',
    `no engine for ${describeMachine(search.machine)}: ${reasons.join('; ')}${others}`,
    { remedy: remedyFor(search) },
  );
}

/** Why the addon of a place is not even tried, as a clause; undefined if it may be of use. */
function placeFault(
  { path, facts }: AddonPlace,
  { machine, version }: AddonSearch,
): string | undefined {
  if (path === undefined) return 'is not installed';
  if (!facts) return undefined;
  if (facts.version !== version) return `is of dramatis ${facts.version}, this is ${version}`;
  if (facts.platform !== machine.platform || facts.arch !== machine.arch)
    return `is made for ${facts.platform} ${facts.arch}`;
  const { libc } = machine;
  if (!facts.libc || !libc) return undefined;
  // Code for another C library does not fail, it crashes.
  if (facts.libc.family !== libc.family) return `needs ${facts.libc.family}`;
  if (libc.version && isOlder(libc.version, facts.libc.version))
    return `needs ${libc.family} ${facts.libc.version} or newer`;
  return undefined;
}

function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number));
  return a![0]! - b![0]! < 0 || (a![0] === b![0] && (a![1] ?? 0) < (b![1] ?? 0));
}

function remedyFor({ machine, places, others, version }: AddonSearch): string {
  const compile = `compile it here: "npm install @dramatis/source@${version}", then "npx dramatis build"`;
  if (machine.libc?.family === 'musl')
    return `There is no package for musl. Use a system with glibc, such as the image node:22-slim, or ${compile}.`;
  const name = platformName(machine);
  if (!packagedPlatforms.some((one) => one === name))
    return `There is no package for ${name}; ${compile}.`;
  const own = places.find((place) => place.name === `@dramatis/${name}`);
  if (own?.facts && own.facts.version !== version)
    return 'Delete node_modules and the lock file, then install again.';
  if (own?.path !== undefined) return `Where that cannot be helped, ${compile}.`;
  const cause =
    others.length > 0
      ? 'node_modules or the lock file come from another system'
      : 'the lock file comes from another system, or optional packages are left out';
  return `Probably ${cause}: delete node_modules and the lock file, then run "npm install --include=optional"; or ${compile}.`;
}
