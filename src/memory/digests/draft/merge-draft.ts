import { comparePlaces, parsePlace } from '../../../play/place.ts';
import { sha256 } from '../../../store/sha256.ts';
import type { DigestHeader, DigestRow, DigestSource } from '../digest-file.ts';
import type { DraftedRow } from './judge-draft.ts';

/** The rows of a file that digests are drafted into. */
export interface DraftFile {
  readonly header: DigestHeader;
  readonly rows: readonly DigestRow[];
}

/** A scene as it was drafted. */
export interface DraftedScene {
  /** "3.1". */
  readonly scene: string;
  /** Names model, prompt and text: the scene is drafted again when it changes. */
  readonly key: string;
  readonly source: Omit<DigestSource, 'draft'>;
  readonly rows: readonly DraftedRow[];
}

/** Whether somebody has written a row or changed it since it was drafted. */
export function isEdited({ source, ...row }: DigestRow): boolean {
  return source?.draft === undefined || source.draft !== draftHash(row);
}

/**
 * Puts a drafted scene into a file, in place of what was drafted for it before; rows that somebody has written or changed
 * stay, unless `force` gives them up.
 */
export function mergeDraft(file: DraftFile, drafted: DraftedScene, force: boolean): DraftFile {
  const { scene, key, source, rows } = drafted;
  const isOfScene = ({ from }: DigestRow): boolean => from.startsWith(`${scene}.`);
  const stay = file.rows.filter((row) => !isOfScene(row) || (!force && isEdited(row)));
  const taken = new Set(stay.map(({ id }) => id));
  const own = new Set(stay.map(({ text }) => text));
  const added = rows
    .filter(({ text }) => !own.has(text))
    .map(({ roles: _, ...row }) => {
      let number = 1;
      while (taken.has(`${scene}-${number}`)) number++;
      taken.add(`${scene}-${number}`);
      const whole = { id: `${scene}-${number}`, ...row };
      return { ...whole, source: { ...source, draft: draftHash(whole) } };
    });
  const header = {
    ...file.header,
    persons: { ...rolesOf(rows), ...file.header.persons },
    drafted: { ...file.header.drafted, [scene]: key },
  };
  return { header, rows: [...stay, ...added].sort(byPlace) };
}

/** Persons who are called by what they are: "the nurse". */
function rolesOf(rows: readonly DraftedRow[]): DigestHeader['persons'] {
  const roles = new Map(rows.flatMap((row) => Object.entries(row.roles)));
  return Object.fromEntries(Array.from(roles, ([is, name]) => [is, { name, is: [is] }]));
}

function byPlace(a: DigestRow, b: DigestRow): number {
  return comparePlaces(parsePlace(a.from), parsePlace(b.from));
}

/** The hash of what a row says, its id left out: that may change when others come before it. */
function draftHash({ id: _, source: __, ...row }: DigestRow): string {
  return sha256(JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))));
}
