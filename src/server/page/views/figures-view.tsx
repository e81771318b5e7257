import { useEffect, useMemo } from 'preact/hooks';
import { displayName, listOf } from '../../../play/cast/display-name.ts';
import { type StageState, stateOf } from '../../../stage/state.ts';
import { addressOf } from '../address.ts';
import { BandFigure } from '../figures/band-figure.tsx';
import { NetworkFigure } from '../figures/network-figure.tsx';
import { VoiceFigure } from '../figures/voice-figure.tsx';
import { Empty, FailureNote, Waiting } from '../parts/notes.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { go } from '../route.ts';
import type { EventPage, Measures, SummaryPage } from '../wire.ts';

/** What is measured of a scene, beside what the plays have. */
export function FiguresView({ id }: { id: string | undefined }) {
  const scenes = useAnswer<SummaryPage>('/api/conversations?limit=200');
  const known = scenes.value?.conversations ?? [];
  useEffect(() => {
    document.title = 'Figures · Dramatis';
  }, []);
  return (
    <div class="column wide">
      <h1>Figures of a scene</h1>
      <p class="lead">
        How a scene goes, beside how scenes of the plays go. To lie within their band is the aim;
        more is not better.
      </p>
      <label class="field">
        <span>Scene</span>
        <select
          value={id ?? ''}
          onChange={({ currentTarget }) =>
            go({ view: 'figures', id: currentTarget.value || undefined })
          }
        >
          <option value="">–</option>
          {id !== undefined && !known.some((scene) => scene.id === id) && (
            <option value={id}>{id}</option>
          )}
          {known.map((scene) => (
            <option key={scene.id} value={scene.id}>
              {scene.id} · {scene.play.title} {scene.at ?? ''} ·{' '}
              {listOf(scene.cast.map(displayName))}
            </option>
          ))}
        </select>
      </label>
      {scenes.failure !== undefined && (
        <FailureNote failure={scenes.failure} again={scenes.again} />
      )}
      {id === undefined ? (
        <Empty title="Choose a scene">
          <p>
            There is none yet? <a href={addressOf({ view: 'new' })}>Begin one.</a>
          </p>
        </Empty>
      ) : (
        <OfScene key={id} id={id} />
      )}
    </div>
  );
}

function OfScene({ id }: { id: string }) {
  const events = useAnswer<EventPage>(`/api/conversations/${id}/events?after=0&limit=10000`);
  const measures = useAnswer<Measures>(`/api/conversations/${id}/measures`);
  const state = useMemo<StageState | undefined>(
    () => (events.value ? stateOf(events.value.events) : undefined),
    [events.value],
  );
  if (events.failure !== undefined)
    return <FailureNote failure={events.failure} again={events.again} />;
  if (!state) return <Waiting what="The scene is read…" />;
  const voice = measures.value?.voice ?? [];
  return (
    <>
      <p>
        <a href={addressOf({ view: 'stage', id })}>Read the scene</a> ·{' '}
        <a href={addressOf({ view: 'compare', a: id })}>Compare it with another</a>
      </p>
      <figure>
        <figcaption>
          <h2>Beside the plays</h2>
          <p class="soft">
            The bar is where eight of ten stretches of the plays lie, the stroke their mean, the dot
            this scene.
          </p>
        </figcaption>
        {measures.failure !== undefined ? (
          <FailureNote failure={measures.failure} again={measures.again} />
        ) : measures.value ? (
          <BandFigure bands={measures.value.bands} />
        ) : (
          <Waiting what="It is measured…" />
        )}
      </figure>
      <figure>
        <figcaption>
          <h2>Who answers whom</h2>
          <p class="soft">The broader an arrow, the more often the one it points at speaks next.</p>
        </figcaption>
        <NetworkFigure state={state} />
      </figure>
      {voice.length > 0 && (
        <figure>
          <figcaption>
            <h2>Voice over the scene</h2>
            <p class="soft">
              How much likelier the words are from their speaker than from the others of the play,
              in nats a word; at 0 they could be anybody’s.
            </p>
          </figcaption>
          <VoiceFigure voice={voice} cast={state.cast} />
        </figure>
      )}
    </>
  );
}
