import { displayName } from '../../../../play/cast/display-name.ts';
import type { StageState } from '../../../../stage/state.ts';
import { plural, shareText } from '../../parts/share.ts';
import { Mark, Who } from '../../parts/who.tsx';

export interface CastPanelProps {
  readonly state: StageState;
  readonly speaker: string | undefined;
  /** Whose view the page shows; undefined for all. */
  readonly knower: string | undefined;
  readonly setKnower: (name: string | undefined) => void;
  readonly speakNext: (name: string) => void;
  /** Whether the scene can be told anything now. */
  readonly isOpen: boolean;
}

/** Who is on stage, with their share of the words; who of the cast is off. */
export function CastPanel({
  state,
  speaker,
  knower,
  setKnower,
  speakNext,
  isOpen,
}: CastPanelProps) {
  const { cast, onStage, figures, open, choice } = state;
  const off = cast.filter((name) => !onStage.includes(name));
  const here = cast.filter((name) => onStage.includes(name));
  const person = (name: string, i: number, isHere: boolean) => {
    const share = figures.shares[name];
    const part = open?.cast.find((known) => known.name === name);
    const adapters = part?.adapters ?? [];
    const p = choice?.candidates.includes(name)
      ? choice.probabilities[choice.candidates.indexOf(name)]
      : undefined;
    return (
      <li key={name} class={speaker === name ? 'speaks' : ''}>
        <Mark name={name} cast={cast} />
        <span class="person">
          <Who name={name} cast={cast} />
          <span class="soft small">
            {speaker === name
              ? 'speaks'
              : state.asked === name
                ? 'is asked to speak'
                : aboutPart(part?.playedBy, adapters)}
          </span>
        </span>
        <span class="figure" title="Share of the words">
          {share && figures.words > 0 ? shareText(share.words / figures.words) : '–'}
        </span>
        {isHere && isOpen && (
          <button
            type="button"
            class="plain"
            title={`Speaks next (${i + 1})${p === undefined ? '' : `; last time ${shareText(p)}`}`}
            aria-label={`${displayName(name)} speaks next`}
            onClick={() => speakNext(name)}
          >
            ↵
          </button>
        )}
      </li>
    );
  };
  return (
    <aside class="cast" aria-label="Who is on stage">
      <h2>On stage</h2>
      {here.length === 0 ? (
        <p class="soft">Nobody.</p>
      ) : (
        <ul>{here.map((name, i) => person(name, i, true))}</ul>
      )}
      {off.length > 0 && (
        <>
          <h2>Off</h2>
          <ul class="off">{off.map((name, i) => person(name, i, false))}</ul>
        </>
      )}
      <label class="knows">
        <span>What is known to</span>
        <select
          id="knower"
          value={knower ?? ''}
          onChange={({ currentTarget }) => setKnower(currentTarget.value || undefined)}
        >
          <option value="">all</option>
          {cast.map((name) => (
            <option key={name} value={name}>
              {displayName(name)}
            </option>
          ))}
        </select>
      </label>
      <dl class="facts">
        <div>
          <dt>said</dt>
          <dd>
            {plural(figures.turns, 'turn')}, {plural(figures.words, 'word')}
          </dd>
        </div>
        <div>
          <dt>struck</dt>
          <dd>{plural(figures.struck, 'draft')}</dd>
        </div>
        <div>
          <dt>alarms</dt>
          <dd>{figures.alarms}</dd>
        </div>
        {open && (
          <>
            {!open.isTalk && (
              <div>
                <dt>director</dt>
                <dd>{open.director.policy.replace('-', ' ')}</dd>
              </div>
            )}
            <div>
              <dt>model</dt>
              <dd>{open.model.name}</dd>
            </div>
            <div>
              <dt>seed</dt>
              <dd>{open.seed}</dd>
            </div>
          </>
        )}
      </dl>
    </aside>
  );
}

function aboutPart(playedBy: string | undefined, adapters: readonly string[]): string {
  if (playedBy === 'human') return 'a person';
  if (playedBy === 'script') return 'a script';
  return adapters.length > 0 ? adapters.map((id) => id.slice(0, 8)).join(', ') : '';
}
