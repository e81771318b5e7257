import { useEffect, useState } from 'preact/hooks';
import { displayName, listOf } from '../../../play/cast/display-name.ts';
import { type LeverName, onByDefault } from '../../../steer/lever-descriptions.ts';
import { ask } from '../live/http.ts';
import { AdapterChoice } from '../parts/adapter-choice.tsx';
import { LeverChoice } from '../parts/lever-choice.tsx';
import { FailureNote, Waiting } from '../parts/notes.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { go } from '../route.ts';
import type { AdapterEntry, PlaceEntry, PlayEntry, SceneWish } from '../wire.ts';

type Director = NonNullable<SceneWish['director']>;

/** Who speaks a part in the scene that is made; `off`: it has no part. */
type Player = 'model' | 'human' | 'off';

const directors: readonly (readonly [Director, string, string])[] = [
  [
    'turn-model',
    'As in the plays',
    'drawn from eleven traits of the turns so far, fitted on the plays',
  ],
  ['model', 'By the model too', 'the same, and what the model expects'],
  ['silence', 'Till all fall silent', 'as in the plays, and the scene may end by itself'],
  ['round-robin', 'In turn', 'one after the other'],
  ['random', 'By lot', 'everybody alike'],
  ['human', 'By hand', 'you say who speaks'],
];

const usualLevers: ReadonlySet<LeverName> = new Set(onByDefault);
const isUsual = (levers: ReadonlySet<LeverName>): boolean =>
  levers.size === usualLevers.size && [...levers].every((name) => usualLevers.has(name));

/** A new scene: the place, who is there, who plays them, and who says whose turn it is. */
export function NewSceneView() {
  const plays = useAnswer<{ plays: readonly PlayEntry[] }>('/api/plays');
  const [playId, setPlayId] = useState<string>();
  const play = playId ?? plays.value?.plays.find(({ here }) => here !== false)?.id;
  const places = useAnswer<{ places: readonly PlaceEntry[] }>(
    play === undefined ? undefined : `/api/plays/${encodeURIComponent(play)}/places`,
  );
  useEffect(() => {
    document.title = 'New scene · Dramatis';
  }, []);
  return (
    <div class="column">
      <h1>A new scene</h1>
      <p class="lead">
        Choose a place in a play and who is to be there. They know what they have witnessed up to
        that place, and nothing of what comes after it.
      </p>
      {plays.failure !== undefined && <FailureNote failure={plays.failure} again={plays.again} />}
      <label class="field">
        <span>Play</span>
        <select
          value={play ?? ''}
          onChange={({ currentTarget }) => setPlayId(currentTarget.value)}
          disabled={!plays.value}
        >
          {plays.value?.plays.map(({ id, title, here }) => (
            <option key={id} value={id}>
              {title}
              {here === false ? ' (to be fetched)' : ''}
            </option>
          ))}
        </select>
      </label>
      {places.failure !== undefined && (
        <FailureNote failure={places.failure} again={places.again} />
      )}
      {play !== undefined && !places.value && places.failure === undefined && (
        <Waiting what="The play is read…" />
      )}
      {play !== undefined && places.value && (
        <SceneForm key={play} play={play} places={places.value.places} />
      )}
    </div>
  );
}

function SceneForm({ play, places }: { play: string; places: readonly PlaceEntry[] }) {
  const [at, setAt] = useState(places[0]?.at ?? '');
  const place = places.find((entry) => entry.at === at);
  const [line, setLine] = useState('');
  const [situation, setSituation] = useState('');
  const [players, setPlayers] = useState<Readonly<Record<string, Player>>>({});
  const [director, setDirector] = useState<Director>('turn-model');
  const [turns, setTurns] = useState('24');
  const [seed, setSeed] = useState('');
  const [drafts, setDrafts] = useState('1');
  const [worn, setWorn] = useState<Readonly<Record<string, string>>>({});
  const [levers, setLevers] = useState<ReadonlySet<LeverName>>(usualLevers);
  const adapters = useAnswer<{ adapters: readonly AdapterEntry[] }>('/api/adapters');
  const [failure, setFailure] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const cast = place?.cast ?? [];
  const playerOf = (name: string): Player =>
    players[name] ?? (cast.indexOf(name) < 4 ? 'model' : 'off');
  const chosen = cast.filter((name) => playerOf(name) !== 'off');
  const versionsOf = (name: string): readonly AdapterEntry[] =>
    (adapters.value?.adapters ?? []).filter(
      (one) => one.play === play && (one.character === null || one.character === name),
    );

  const begin = async (): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    const wish: SceneWish = {
      ...{ play, cast: chosen, director, turns: Number(turns), start: true },
      at: line.trim() === '' ? at : `${at}.${line.trim()}`,
      ...(situation.trim() !== '' && { situation: situation.trim() }),
      humans: chosen.filter((name) => playerOf(name) === 'human'),
      ...(seed !== '' && { seed: Number(seed) }),
      ...(Number(drafts) > 1 && { drafts: Number(drafts) }),
      ...(!isUsual(levers) && { steer: [...levers].join(',') || 'off' }),
      adapters: Object.fromEntries(
        chosen.flatMap((name) =>
          worn[name] && playerOf(name) === 'model' ? [[name, worn[name]]] : [],
        ),
      ),
    };
    try {
      const { id } = await ask<{ id: string }>('/api/conversations', {
        method: 'POST',
        body: wish,
      });
      go({ view: 'stage', id });
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };

  return (
    <form
      class="new-scene"
      onSubmit={(event) => {
        event.preventDefault();
        begin().catch(() => {});
      }}
    >
      <div class="field-row">
        <label class="field grow">
          <span>Place</span>
          <select value={at} onChange={({ currentTarget }) => setAt(currentTarget.value)}>
            {places.map((entry) => (
              <option key={entry.at} value={entry.at}>
                {entry.at} {entry.heading}
              </option>
            ))}
          </select>
        </label>
        <label class="field line-field">
          <span>Line</span>
          <input
            type="text"
            inputMode="numeric"
            pattern="[0-9]*"
            placeholder="any"
            value={line}
            onInput={({ currentTarget }) => setLine(currentTarget.value)}
          />
        </label>
      </div>
      <label class="field">
        <span>
          What is going on <i class="soft">if it is not the play’s own</i>
        </span>
        <textarea
          rows={2}
          value={situation}
          placeholder="All wait for the players; a storm comes up."
          onInput={({ currentTarget }) => setSituation(currentTarget.value)}
        />
      </label>
      <fieldset class="who-is-there">
        <legend>Who is there</legend>
        {cast.length === 0 && <p class="soft">Nobody is on stage there; choose another place.</p>}
        {cast.map((name) => (
          <div
            key={name}
            class={`part ${playerOf(name)}`}
            role="radiogroup"
            aria-label={displayName(name)}
          >
            <span class="who">{displayName(name)}</span>
            <span class="choices">
              {(['model', 'human', 'off'] as const).map((value) => (
                <label key={value}>
                  <input
                    type="radio"
                    name={`player-${name}`}
                    checked={playerOf(name) === value}
                    onChange={() => setPlayers({ ...players, [name]: value })}
                  />
                  {{ model: 'by itself', human: 'by me', off: 'away' }[value]}
                </label>
              ))}
            </span>
            {playerOf(name) === 'model' && versionsOf(name).length > 0 && (
              <AdapterChoice
                name={name}
                versions={versionsOf(name)}
                chosen={worn[name] ?? ''}
                choose={(adapter) => setWorn({ ...worn, [name]: adapter })}
              />
            )}
          </div>
        ))}
      </fieldset>
      <fieldset class="directors">
        <legend>Who says whose turn it is</legend>
        {directors.map(([value, label, about]) => (
          <label key={value} class={value === director ? 'on' : ''}>
            <input
              type="radio"
              name="director"
              checked={value === director}
              onChange={() => setDirector(value)}
            />
            <span>
              {label} <span class="soft">{about}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div class="field-row">
        <label class="field">
          <span>Turns</span>
          <input
            type="number"
            min={1}
            max={1000}
            required
            value={turns}
            onInput={({ currentTarget }) => setTurns(currentTarget.value)}
          />
        </label>
        <label class="field">
          <span>Drafts a turn</span>
          <input
            type="number"
            min={1}
            max={4}
            required
            value={drafts}
            onInput={({ currentTarget }) => setDrafts(currentTarget.value)}
          />
        </label>
        <label class="field">
          <span>Seed</span>
          <input
            type="number"
            min={0}
            placeholder="any"
            value={seed}
            onInput={({ currentTarget }) => setSeed(currentTarget.value)}
          />
        </label>
      </div>
      <LeverChoice on={levers} setOn={setLevers} />
      {failure !== undefined && <FailureNote failure={failure} />}
      <div class="begin">
        <p class="soft">
          {chosen.length === 0
            ? 'Somebody has to be there.'
            : `${listOf(chosen.map(displayName))} ${chosen.length === 1 ? 'is' : 'are'} there.`}
        </p>
        <button type="submit" class="primary" disabled={isBusy || chosen.length === 0}>
          {isBusy ? 'They come on…' : 'Begin'}
        </button>
      </div>
    </form>
  );
}
