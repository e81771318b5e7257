import { useEffect, useState } from 'preact/hooks';
import { addressOf, type Route } from './address.ts';
import { announcement, announcing, setAnnouncing } from './announce.ts';
import { useKeys } from './keys.ts';
import { isKeyWanted, signIn } from './live/http.ts';
import type { OriginStream } from './live/origin-stream.ts';
import { Dialog } from './parts/dialog.tsx';
import { FailureNote } from './parts/notes.tsx';
import { go, route } from './route.ts';
import { theme, turnTheme } from './theme.ts';
import { AdaptersView } from './views/adapters-view.tsx';
import { CompareView } from './views/compare-view.tsx';
import { FiguresView } from './views/figures-view.tsx';
import { LibraryView } from './views/library-view.tsx';
import { NewSceneView } from './views/new-scene-view.tsx';
import { StageView } from './views/stage/stage-view.tsx';
import { TalkView } from './views/talk-view.tsx';

const places: readonly (readonly [Route['view'], Route, string])[] = [
  ['library', { view: 'library' }, 'Scenes'],
  ['new', { view: 'new' }, 'New scene'],
  ['talk', { view: 'talk' }, 'Talk'],
  ['compare', { view: 'compare' }, 'Compare'],
  ['figures', { view: 'figures' }, 'Figures'],
  ['adapters', { view: 'adapters' }, 'Adapters'],
];

/** The whole page: where one can go, and the view that the address names. */
export function App({ stream }: { stream: OriginStream }) {
  const [isHelping, setHelping] = useState(false);
  const at = route.value;
  useKeys({
    '?': () => setHelping(true),
    '/': () => {
      if (route.peek().view !== 'library') go({ view: 'library' });
      requestAnimationFrame(() => document.getElementById('search')?.focus());
    },
  });
  useEffect(() => {
    scrollTo(0, 0);
  }, [at.view]);
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        To the text
      </button>
      <header class="bar">
        <a class="brand" href={addressOf({ view: 'library' })}>
          Dramatis
        </a>
        <nav aria-label="Views">
          {places.map(([view, to, label]) => (
            <a
              key={view}
              href={addressOf(to)}
              aria-current={
                at.view === view || (at.view === 'stage' && view === 'library') ? 'page' : undefined
              }
            >
              {label}
            </a>
          ))}
        </nav>
        <button
          type="button"
          class="plain"
          onClick={turnTheme}
          aria-label={`Colours: ${theme.value === 'auto' ? 'as the system has them' : theme.value}`}
          title={`Colours: ${theme.value}`}
        >
          {theme.value === 'auto' ? '◐' : theme.value === 'light' ? '○' : '●'}
        </button>
        <button
          type="button"
          class="plain"
          aria-label="Help"
          aria-keyshortcuts="?"
          onClick={() => setHelping(true)}
        >
          ?
        </button>
      </header>
      <main id="main" tabIndex={-1} class={`view-${at.view}`}>
        <View at={at} stream={stream} />
      </main>
      <p class="hidden" role="status" aria-live="polite">
        {announcement}
      </p>
      {isKeyWanted.value && <SignIn />}
      {isHelping && <Help close={() => setHelping(false)} />}
    </>
  );
}

function View({ at, stream }: { at: Route; stream: OriginStream }) {
  switch (at.view) {
    case 'stage':
      return <StageView key={at.id} id={at.id} n={at.n} stream={stream} />;
    case 'talk':
      return <TalkView key={at.id ?? ''} id={at.id} />;
    case 'new':
      return <NewSceneView />;
    case 'compare':
      return <CompareView a={at.a} b={at.b} />;
    case 'figures':
      return <FiguresView id={at.id} />;
    case 'adapters':
      return <AdaptersView />;
    default:
      return <LibraryView />;
  }
}

/** Asks for the key of a server that others can reach. */
function SignIn() {
  const [key, setKey] = useState('');
  const [failure, setFailure] = useState<unknown>();
  return (
    <Dialog
      title="This server wants a key"
      close={() => {
        isKeyWanted.value = false;
      }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          signIn(key.trim()).catch(setFailure);
        }}
      >
        <label class="field">
          <span>Key, as in the file that “dramatis serve --api-key-file” was given</span>
          <input
            type="password"
            autocomplete="current-password"
            value={key}
            onInput={({ currentTarget }) => setKey(currentTarget.value)}
          />
        </label>
        {failure !== undefined && <FailureNote failure={failure} />}
        <p class="buttons">
          <button type="submit" class="primary" disabled={key.trim() === ''}>
            Go in
          </button>
        </p>
      </form>
    </Dialog>
  );
}

const keys: readonly (readonly [string, string])[] = [
  ['Space', 'play or pause'],
  ['.', 'one turn'],
  ['↑ ↓', 'from line to line'],
  ['Enter', 'how the line came about'],
  ['Esc', 'close that'],
  ['1–9', 'who speaks next'],
  ['s', 'say something'],
  ['n', 'give a direction'],
  ['e', 'other words for the line'],
  ['f', 'fork after the line'],
  ['r', 'the last turn again'],
  ['w', 'whose view is shown'],
  ['/', 'search'],
  ['End', 'follow what is said'],
  ['?', 'this'],
];

function Help({ close }: { close: () => void }) {
  return (
    <Dialog title="Keys" close={close}>
      <dl class="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <fieldset class="announcing">
        <legend>A screen reader says</legend>
        {(['all', 'names', 'off'] as const).map((value) => (
          <label key={value}>
            <input
              type="radio"
              name="announcing"
              checked={announcing.value === value}
              onChange={() => setAnnouncing(value)}
            />
            {{ all: 'every turn', names: 'who speaks', off: 'nothing' }[value]}
          </label>
        ))}
      </fieldset>
    </Dialog>
  );
}
