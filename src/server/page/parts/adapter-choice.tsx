import { displayName } from '../../../play/cast/display-name.ts';
import type { AdapterEntry } from '../wire.ts';

export interface AdapterChoiceProps {
  /** Cast name. */
  readonly name: string;
  /** Versions that this one may wear. */
  readonly versions: readonly AdapterEntry[];
  /** Id of a version, "none", or empty for what is in use. */
  readonly chosen: string;
  readonly choose: (adapter: string) => void;
}

/** The version of an adapter that somebody speaks with. */
export function AdapterChoice({ name, versions, chosen, choose }: AdapterChoiceProps) {
  return (
    <select
      class="adapter-choice"
      aria-label={`Adapter of ${displayName(name)}`}
      value={chosen}
      onChange={({ currentTarget }) => choose(currentTarget.value)}
    >
      <option value="">
        {versions.some(({ isPromoted }) => isPromoted) ? 'adapter in use' : 'no adapter in use'}
      </option>
      <option value="none">bare model</option>
      {versions.map(({ id, date, character, isPromoted }) => (
        <option key={id} value={id}>
          {id} {date.slice(0, 10)}
          {character === null && ' for all'}
          {isPromoted && ', in use'}
        </option>
      ))}
    </select>
  );
}
