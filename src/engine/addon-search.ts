import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folders } from '../store/folders.ts';
import { machineHere, platformName } from './machine.ts';
import {
  type AddonFacts,
  type AddonPlace,
  type AddonSearch,
  packagedPlatforms,
} from './open-addon.ts';

/** This package: the checkout, or where it is installed. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const file = 'dramatis.node';

/** Where a checkout builds the addon; its ggml libraries lie beside it. */
const checkoutPath = join(root, 'build', 'Release', file);

/** Whether this is a checkout, which compiles for itself, and no installed package. */
function isCheckout(): boolean {
  return existsSync(join(root, 'native', 'build.mjs'));
}

/** Where `dramatis build` leaves the addon that it compiles for this user, version and system. */
function ownBuildFolder(): string {
  return join(folders().cache, 'addon', `${ownVersion()}-${process.platform}-${process.arch}`);
}

/**
 * Says where the addon is to be looked for: where `DRAMATIS_ADDON` says and nowhere else if that is set; else in the
 * checkout, in what `dramatis build` has made, and in the package for this system.
 */
export function addonSearch(given = process.env.DRAMATIS_ADDON): AddonSearch {
  const machine = machineHere();
  const packaged = `@dramatis/${platformName(machine)}`;
  const found = packagedPlatforms.map((name) => `@dramatis/${name}`).filter(packageFolder);
  const own = join(ownBuildFolder(), 'Release', file);
  const places: AddonPlace[] = given
    ? [{ name: `DRAMATIS_ADDON (${given})`, path: ifThere(asFile(resolve(given))) }]
    : [
        ...(existsSync(own) ? [{ name: `what "dramatis build" made (${own})`, path: own }] : []),
        packagedPlace(packaged),
      ];
  return { places, machine, version: ownVersion(), others: found.filter((n) => n !== packaged) };
}

/** What `dramatis build` compiles, and where to; without a source there is nothing to compile. */
export interface Compilation {
  /** Folder that has native/build.mjs: the checkout, or the package @dramatis/source. */
  readonly source: string | undefined;
  /** Folder in which the addon then lies as Release/dramatis.node. */
  readonly into: string;
  /** The version of dramatis that runs. */
  readonly version: string;
}

/** Says what `dramatis build` is to compile. */
export function compilation(): Compilation {
  const version = ownVersion();
  if (isCheckout()) return { source: root, into: join(root, 'build'), version };
  return { source: packageFolder('@dramatis/source'), into: ownBuildFolder(), version };
}

/** The addon of a checkout, if this is one: it needs no search, and no reason for it. */
export function checkoutAddon(): string | undefined {
  if (process.env.DRAMATIS_ADDON || !isCheckout()) return undefined;
  return checkoutPath;
}

function packagedPlace(name: string): AddonPlace {
  const folder = packageFolder(name);
  if (folder === undefined) return { name, path: undefined };
  const facts = join(folder, 'build.json');
  return {
    name,
    path: ifThere(join(folder, file)),
    facts: existsSync(facts) ? (JSON.parse(readFileSync(facts, 'utf8')) as AddonFacts) : undefined,
  };
}

/** The folder of an installed package; undefined if it is not there. */
function packageFolder(name: string): string | undefined {
  try {
    return dirname(fileURLToPath(import.meta.resolve(`${name}/package.json`)));
  } catch {
    return undefined;
  }
}

const asFile = (path: string): string => (path.endsWith('.node') ? path : join(path, file));
const ifThere = (path: string): string | undefined => (existsSync(path) ? path : undefined);

function ownVersion(): string {
  return String(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version);
}
