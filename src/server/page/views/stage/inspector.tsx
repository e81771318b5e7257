import { useState } from 'preact/hooks';
import { displayName, listOf } from '../../../../play/cast/display-name.ts';
import type { NextEvent, TurnEvent } from '../../../../stage/events.ts';
import { turnFeatures } from '../../../../stage/turn-features.ts';
import type { Inspected } from '../../inspect.ts';
import { Bars } from '../../parts/bars.tsx';
import { FailureNote, Waiting } from '../../parts/notes.tsx';
import { plural, shareText } from '../../parts/share.ts';
import { useAnswer } from '../../parts/use-answer.ts';
import { Who } from '../../parts/who.tsx';

export interface InspectorProps {
  /** Id of the scene. */
  readonly id: string;
  readonly inspected: Inspected | undefined;
  readonly cast: readonly string[];
  readonly close: () => void;
  readonly goTo: (n: number) => void;
  readonly actions: readonly { readonly label: string; readonly act: () => void }[];
}

/** Whose words a turn is, where nobody had to be chosen for it. */
const origins: Readonly<Record<TurnEvent['playedBy'], string>> = {
  play: 'These words are the play’s own.',
  human: 'A person said this.',
  script: 'A script has these words.',
  model: 'Nobody had to be chosen: it was this one’s turn.',
};

/** How a line came about. */
export function Inspector({ id, inspected, cast, close, goTo, actions }: InspectorProps) {
  if (!inspected)
    return (
      <aside class="inspector resting" aria-label="About a line">
        <p class="soft">
          Choose a line to see who else might have spoken, what its speaker recalled and saw, and
          what it cost. ↑ and ↓ move through the lines, Enter opens one.
        </p>
      </aside>
    );
  const { turn, number, next, view, seen, struck, alarms } = inspected;
  return (
    <aside class="inspector" aria-label={`About turn ${number}`} id="inspector">
      <header>
        <h2>
          Turn {number}
          <span class="soft">
            {' '}
            · <Who name={turn.who} cast={cast} />
            {turn.to !== undefined && <> to {displayName(turn.to)}</>}
          </span>
        </h2>
        <button type="button" class="plain close" aria-label="Close" onClick={close}>
          ×
        </button>
      </header>
      {next ? <Choice next={next} cast={cast} /> : <p class="soft">{origins[turn.playedBy]}</p>}
      {view && view.recalled.length > 0 && (
        <details open>
          <summary>Recalled · {view.recalled.length}</summary>
          <ul class="recalled">
            {view.recalled.map(({ place, speaker, text }) => (
              <li key={`${place}${text}`}>
                <span class="place">{place ?? 'from this scene'}</span>{' '}
                {speaker && <span class="who">{displayName(speaker)}. </span>}
                {text}
              </li>
            ))}
          </ul>
        </details>
      )}
      {view && (
        <details>
          <summary>
            Seen by {displayName(view.who)} · {plural(view.tokens, 'token')}
          </summary>
          <p class="soft">
            {plural(view.reused, 'token')} of them were there already
            {view.dropped > 0 && `; ${plural(view.dropped, 'older turn')} no longer fitted`}.
          </p>
          <ol class="seen">
            {seen.map(({ n, who, text }) => (
              <li key={n}>
                {who ? (
                  <>
                    <button type="button" class="link" onClick={() => goTo(n)}>
                      <Who name={who} cast={cast} />
                    </button>{' '}
                    {text}
                  </>
                ) : (
                  <i>[{text}]</i>
                )}
              </li>
            ))}
          </ol>
          <Prompt key={turn.n} path={`/api/conversations/${id}/turns/${turn.n}/prompt`} />
        </details>
      )}
      {struck.length > 0 && (
        <details open>
          <summary>Struck · {struck.length}</summary>
          <ul class="struck">
            {struck.map(({ n, text, guard, detail }) => (
              <li key={n}>
                <del>{text}</del>{' '}
                <span class="soft">
                  {guard}: {detail}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {alarms.map(({ n, detector, value, limit, action, detail }) => (
        <p key={n} class="alarm">
          ⚠ {detector} {value.toFixed(2)}, past {limit.toFixed(2)}: {action}
          {detail && <span class="soft"> ({detail})</span>}
        </p>
      ))}
      <Facts inspected={inspected} />
      <div class="actions">
        {actions.map(({ label, act }) => (
          <button type="button" key={label} onClick={act}>
            {label}
          </button>
        ))}
      </div>
    </aside>
  );
}

/** The prompt word for word, fetched when it is asked for. */
function Prompt({ path }: { path: string }) {
  const [isAsked, setAsked] = useState(false);
  const { value, failure } = useAnswer<{ text: string; isSame: boolean }>(
    isAsked ? path : undefined,
  );
  if (!isAsked)
    return (
      <button type="button" class="link" onClick={() => setAsked(true)}>
        The prompt, word for word
      </button>
    );
  if (failure !== undefined) return <FailureNote failure={failure} />;
  if (!value) return <Waiting what="It is made again…" />;
  return (
    <>
      {!value.isSame && (
        <p class="alarm small">Made again, and not the very same: play or template have changed.</p>
      )}
      <pre class="prompt">{value.text}</pre>
    </>
  );
}

function Choice({ next, cast }: { next: NextEvent; cast: readonly string[] }) {
  const bars = next.candidates
    .map((name, i) => ({
      name,
      share: next.probabilities[i] ?? 0,
      isChosen: name === next.chosen,
      detail: reasons(next, i),
    }))
    .sort((a, b) => b.share - a.share);
  const drawn = next.drawn === undefined ? '' : `, drawn ${shareText(next.drawn)}`;
  return (
    <section>
      <h3>
        Who was to speak{' '}
        <span class="soft">
          by {byText(next.by)}
          {drawn}
        </span>
      </h3>
      <Bars bars={bars} cast={cast} label="Probabilities of the next speaker" />
    </section>
  );
}

const byText = (by: NextEvent['by']): string =>
  by === 'human' ? 'a person' : by === 'detector' ? 'a detector' : by.replace('-', ' ');

/** Features that a candidate has and not all have alike, such as "called by the last turn". */
function reasons({ features }: NextEvent, i: number): string | undefined {
  const row = features?.[i];
  if (!row || !features) return undefined;
  const named = row.flatMap((value, k) => {
    const isYes = value === 1 && features.some((other) => other[k] !== 1);
    const name = turnFeatures[k];
    return isYes && name !== undefined ? [name] : [];
  });
  // "Spoke before last, and is asked" says that it spoke before last, too.
  const said = named.filter((name) => !named.some((longer) => longer.startsWith(`${name}, and`)));
  return said.length > 0 ? listOf(said) : undefined;
}

function Facts({ inspected: { turn, tokensPerSecond } }: { inspected: Inspected }) {
  const facts: (readonly [string, string])[] = [
    ['heard by', listOf(turn.heard.map(displayName))],
    ...(turn.place ? [['place', turn.place] as const] : []),
    ...(turn.seed === undefined ? [] : [['seed', String(turn.seed)] as const]),
    ...(turn.tokens ? [['tokens', String(turn.tokens.length)] as const] : []),
    ...(turn.ms ? [['first token', `${turn.ms.first} ms`] as const] : []),
    ...(tokensPerSecond === undefined
      ? []
      : [['speed', `${tokensPerSecond.toFixed(1)} tokens/s`] as const]),
    ...(turn.drafts !== undefined && turn.drafts > 1
      ? [['drafts', String(turn.drafts)] as const]
      : []),
    ...(turn.stop ? [['stopped by', turn.stop] as const] : []),
    ...(turn.playedBy === 'model'
      ? [['adapters', turn.adapters?.length ? turn.adapters.join(', ') : 'none'] as const]
      : []),
    ...(turn.costs ?? []).map(
      ({ lever, ms, count, per }) =>
        [lever, `${(ms / Math.max(1, count)).toFixed(2)} ms a ${per}`] as const,
    ),
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
