import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findEntry, plays, slug } from '../hub/catalogue.ts';
import type { OpenedPlay } from '../hub/plays.ts';
import type { Digests } from '../memory/digests/digest.ts';
import { faultError } from '../memory/digests/digest-file.ts';
import { readDigests } from '../memory/digests/read-digests.ts';
import { errnoOf } from '../store/disk.ts';
import { ifWritable } from '../store/if-writable.ts';
import { Settings } from '../store/settings.ts';
import type { Workspace } from './workspace.ts';

/** The digests of a play and the file that they are from. */
export interface OpenedDigests extends Digests {
  readonly path: string;
}

/** A play that digests are looked for: without a path, not beside its file. */
export type PlayWithDigests = Omit<OpenedPlay, 'path'> & Partial<Pick<OpenedPlay, 'path'>>;

/** Where digests may lie. */
interface DigestPath {
  readonly path: string;
  /** Whether Dramatis comes with it. */
  readonly isOurs: boolean;
}

/** At the package's root, seen from `src/workspace` as from `dist/workspace`. */
const ourFolder = fileURLToPath(new URL('../../data/digests/', import.meta.url));

/**
 * The digests of a play: the user's own before those that Dramatis comes with. Undefined if there are none, which is
 * reported once in a home.
 *
 * @throws {DramatisError} DIGESTS_INVALID for a file with a line that is wrong; FILE_MISSING if it cannot be read.
 */
export async function openDigests(
  workspace: Workspace,
  opened: PlayWithDigests,
): Promise<OpenedDigests | undefined> {
  const { title, acts } = opened.play;
  if (acts.length === 0) return undefined;
  for (const { path, isOurs } of digestPaths(workspace.folders.digests, opened)) {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (errnoOf(error) !== 'ENOENT') throw error;
    });
    if (text === undefined) continue;
    const { digests, dropped } = readDigests(text, path, opened);
    // Another play may have a title like one of ours: few of our facts are found in it.
    if (isOurs && digests.length < dropped.length) continue;
    if (digests.length === 0 && dropped[0]) throw faultError(path, dropped[0]);
    if (dropped.length > 0)
      reportOnce(
        workspace,
        `${dropped.length} facts of ${path} are not in this edition of ${title}: "dramatis digest check" says which.`,
      );
    return { digests, dropped, path };
  }
  await reportOncePerHome(
    workspace,
    opened.sha256,
    `There are no digests of ${title}, so its characters recall what was said and no facts: "dramatis digest" drafts some.`,
  );
  return undefined;
}

/** Where a digest file of the user's own for a play is looked for, and where a draft is written: by the play's id. */
export function ownDigestPath(folder: string, { id }: Pick<OpenedPlay, 'id'>): string {
  return join(folder, `${id}.jsonl`);
}

/** Whether Dramatis comes with digests of a play of this id. */
export function hasOurDigests(id: string): boolean {
  return findEntry(plays(), id) !== undefined && existsSync(join(ourFolder, `${id}.jsonl`));
}

/** Every file that may have a play's digests, the one that goes first before the others. */
function digestPaths(folder: string, opened: PlayWithDigests): DigestPath[] {
  const { id, sha256, path } = opened;
  const beside = path?.replace(/(?:\.[^./\\]*)?$/, '.digests.jsonl');
  const own = [
    ...(beside ? [beside] : []),
    join(folder, `${sha256}.jsonl`),
    ownDigestPath(folder, opened),
  ];
  const ours = findEntry(plays(), id) ? [id] : idsInTitle(opened.play.title);
  return [
    ...own.map((one) => ({ path: one, isOurs: false })),
    ...ours.map((one) => ({ path: join(ourFolder, `${one}.jsonl`), isOurs: true })),
  ];
}

/** Plays of the catalogue that a title names: "The Tragedy of Hamlet, Prince of Denmark". */
function idsInTitle(title: string): string[] {
  const words = `-${slug(title)}-`;
  return plays()
    .filter((entry) => words.includes(`-${slug(entry.title)}-`))
    .map(({ id }) => id);
}

/** What each workspace has been told. */
const reported = new WeakMap<Workspace, Set<string>>();

/** Plays that a home remembers: enough for one user, and few to write. */
const mostRemembered = 200;

/** Reports what nobody needs to be told twice of a play, by its SHA-256; where nothing can be kept, once in a process. */
async function reportOncePerHome(
  workspace: Workspace,
  sha256: string,
  text: string,
): Promise<void> {
  const key = sha256.slice(0, 16);
  const settings = await Settings.open(workspace.folders.config);
  if (settings.get('undigested')?.includes(key)) return;
  reportOnce(workspace, text);
  await ifWritable(() =>
    settings.update((data) => {
      const others = (data.undigested ?? []).filter((one) => one !== key);
      data.undigested = [...others, key].slice(-mostRemembered);
    }),
  );
}

function reportOnce(workspace: Workspace, text: string): void {
  const said = reported.get(workspace) ?? new Set();
  reported.set(workspace, said);
  if (!said.has(text)) workspace.report({ kind: 'warning', text });
  said.add(text);
}
