import { displayName } from '../../../play/cast/display-name.ts';
import { shareText } from './share.ts';
import { hueOf } from './who.tsx';

interface Bar {
  /** Cast name. */
  readonly name: string;
  readonly share: number;
  readonly isChosen?: boolean;
  /** What made it so long. */
  readonly detail?: string | undefined;
}

/** Shares of several, as bars with their figures. */
export function Bars({ bars, cast, label }: BarsProps) {
  return (
    <ul class="bars" aria-label={label}>
      {bars.map(({ name, share, isChosen, detail }) => (
        <li key={name} class={isChosen ? 'chosen' : ''}>
          <span class="bar-name">
            {displayName(name)}
            {isChosen && <span class="hidden"> (chosen)</span>}
          </span>
          <span class={`gauge ${hueOf(cast, name)}`} aria-hidden="true">
            <span style={{ width: `${Math.max(1, 100 * share)}%` }} />
          </span>
          <span class="figure">{shareText(share)}</span>
          {detail && <span class="bar-detail">{detail}</span>}
        </li>
      ))}
    </ul>
  );
}

interface BarsProps {
  readonly bars: readonly Bar[];
  readonly cast: readonly string[];
  readonly label: string;
}
