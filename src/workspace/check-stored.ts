import { readConversations } from '../actor/past-conversations.ts';
import { type Entry, models, plays } from '../hub/catalogue.ts';
import { findOnShelf } from '../hub/fetch-entry.ts';
import type { Shelf } from '../hub/fetch-source.ts';
import type { Damaged } from '../hub/here.ts';
import { modelShelf } from '../hub/model-shelf.ts';
import { playShelf } from '../hub/plays.ts';
import { readScenes } from '../stage/past-scenes.ts';
import type { JournalFault } from '../store/journal.ts';
import { openRegistry } from './open-registry.ts';
import { hubOptions, type Workspace } from './workspace.ts';

/** Something that is kept here and was read to its last byte. */
export interface CheckedStore {
  /** Such as "the model smollm2-135m" or "17 conversations". */
  readonly what: string;
  readonly damage: readonly Damaged[];
}

/** Reads all that is kept: models, plays, adapters, conversations and scenes. Seconds a gigabyte. */
export async function* checkStored(
  workspace: Workspace,
  signal?: AbortSignal,
): AsyncGenerator<CheckedStore, void> {
  for (const [kind, entries, shelf] of [
    ['model', models(), modelShelf],
    ['play', plays(), playShelf],
  ] as const) {
    for (const entry of entries) {
      const checked = await checkEntry(entry, shelf(hubOptions(workspace)), workspace, signal);
      if (checked) yield { what: `the ${kind} ${entry.id}`, damage: checked };
    }
  }
  signal?.throwIfAborted();
  const registry = openRegistry(workspace);
  const { checked, damage, faults } = await registry.verify();
  const history = faults.map((fault) => damagedLine(registry.historyPath, fault));
  yield { what: `${checked} adapter versions`, damage: [...damage, ...history] };
  const talks = await readConversations(workspace.folders.conversations);
  yield {
    what: `${talks.conversations.length} conversations`,
    damage: talks.conversations.flatMap(({ conversation: { path, faults: lines } }) =>
      lines.map((fault) => damagedLine(path, fault)),
    ),
  };
  const { scenes } = await readScenes(workspace.folders.conversations);
  yield {
    what: `${scenes.length} scenes`,
    damage: scenes.flatMap(({ path, faults: lines }) =>
      lines.map((fault) => damagedLine(path, fault)),
    ),
  };
}

/** What is wrong with the files of an entry; undefined if none is here. */
async function checkEntry(
  entry: Entry,
  shelf: Shelf,
  workspace: Workspace,
  signal: AbortSignal | undefined,
): Promise<readonly Damaged[] | undefined> {
  const damage: Damaged[] = [];
  const options = { ...hubOptions(workspace, signal), depth: 'deep' as const };
  const here = await findOnShelf(entry, shelf, options, damage);
  return here || damage.length > 0 ? damage : undefined;
}

function damagedLine(path: string, { line, kind }: JournalFault): Damaged {
  return {
    path,
    fault: `line ${line} ${kind === 'torn' ? 'is cut off' : 'is not what was written'}`,
  };
}
