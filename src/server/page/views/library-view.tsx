import { useEffect, useState } from 'preact/hooks';
import { displayName, listOf } from '../../../play/cast/display-name.ts';
import type { Standing } from '../../schemas.ts';
import { addressOf } from '../address.ts';
import { Empty, FailureNote, Waiting } from '../parts/notes.tsx';
import { plural, whenText } from '../parts/share.ts';
import { useAnswer } from '../parts/use-answer.ts';
import type { Summary, SummaryPage } from '../wire.ts';

/** All scenes that are kept: searched, filtered, with their alarms. */
export function LibraryView() {
  const [search, setSearch] = useState('');
  const [query, setQuery] = useState('');
  const [standing, setStanding] = useState<Standing | ''>('');
  const [play, setPlay] = useState('');
  const [hasAlarms, setAlarms] = useState(false);
  useEffect(() => {
    document.title = 'Scenes · Dramatis';
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => setQuery(search.trim()), 200);
    return () => clearTimeout(timer);
  }, [search]);
  const parameters = new URLSearchParams({ limit: '200' });
  if (query !== '') parameters.set('q', query);
  if (standing !== '') parameters.set('state', standing);
  const { value, failure, again } = useAnswer<SummaryPage>(`/api/conversations?${parameters}`);
  const [kept, setKept] = useState<SummaryPage>();
  useEffect(() => {
    if (value) setKept(value);
  }, [value]);
  const all = (value ?? kept)?.conversations ?? [];
  const plays = [...new Map(all.map((scene) => [scene.play.id, scene.play.title]))];
  const shown = all.filter(
    (scene) => (play === '' || scene.play.id === play) && (!hasAlarms || scene.alarms > 0),
  );
  const isFiltered = query !== '' || standing !== '' || play !== '' || hasAlarms;

  return (
    <div class="column wide">
      <div class="title-row">
        <h1>Scenes</h1>
        <a class="button primary" href={addressOf({ view: 'new' })}>
          New scene
        </a>
      </div>
      <search class="filters">
        <input
          id="search"
          type="search"
          placeholder="Search words, names, places"
          aria-label="Search"
          value={search}
          onInput={({ currentTarget }) => setSearch(currentTarget.value)}
        />
        <select
          aria-label="How it stands"
          value={standing}
          onChange={({ currentTarget }) => setStanding(currentTarget.value as Standing | '')}
        >
          <option value="">all</option>
          <option value="running">running</option>
          <option value="waiting">waiting for a person</option>
          <option value="paused">paused</option>
          <option value="ended">ended</option>
        </select>
        <select
          aria-label="Play"
          value={play}
          onChange={({ currentTarget }) => setPlay(currentTarget.value)}
        >
          <option value="">every play</option>
          {plays.map(([id, title]) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
        <label>
          <input
            type="checkbox"
            checked={hasAlarms}
            onChange={({ currentTarget }) => setAlarms(currentTarget.checked)}
          />
          with alarms
        </label>
      </search>
      {failure !== undefined && <FailureNote failure={failure} again={again} />}
      {!value && !kept && failure === undefined && <Waiting what="The scenes are read…" />}
      {value && shown.length === 0 && (
        <Empty title={isFiltered ? 'No scene is like that' : 'No scene has been played yet'}>
          {isFiltered ? (
            <p>
              <button
                type="button"
                class="link"
                onClick={() => {
                  setSearch('');
                  setStanding('');
                  setPlay('');
                  setAlarms(false);
                }}
              >
                Show all
              </button>
            </p>
          ) : (
            <p>
              <a href={addressOf({ view: 'new' })}>Choose a place in a play</a> and who is to be
              there, and watch them go on by themselves; or{' '}
              <a href={addressOf({ view: 'talk' })}>talk with one character</a>.
            </p>
          )}
        </Empty>
      )}
      <ul class="library">
        {shown.map((scene) => (
          <Entry key={scene.id} scene={scene} />
        ))}
      </ul>
    </div>
  );
}

function Entry({ scene }: { scene: Summary }) {
  const { id, play, at, heading, isTalk, cast, state, turns, alarms, struck, last } = scene;
  return (
    <li>
      <a href={addressOf({ view: 'stage', id })}>
        <span class="entry-title">
          {play.title} {at && <span class="place">{at}</span>}
        </span>
        <span class="entry-cast">{listOf(cast.map(displayName))}</span>
        {heading && <span class="entry-heading soft">{heading}</span>}
      </a>
      <p class="entry-facts soft">
        {isTalk ? (
          <span class="standing">chat</span>
        ) : (
          <span class={`standing ${state}`}>{state}</span>
        )}
        <span>{plural(turns, 'turn')}</span>
        {struck > 0 && <span>{struck} struck</span>}
        {alarms > 0 && <span class="alarm">⚠ {plural(alarms, 'alarm')}</span>}
        <time dateTime={last}>{whenText(last)}</time>
      </p>
    </li>
  );
}
