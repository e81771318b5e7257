import { useEffect, useRef, useState } from 'preact/hooks';
import { displayName } from '../../../../play/cast/display-name.ts';
import type { StageState } from '../../../../stage/state.ts';
import type { Command } from '../../wire.ts';

export type ComposerMode = 'say' | 'note' | 'tell' | 'enter' | 'exit';

export interface ComposerProps {
  readonly state: StageState;
  readonly mode: ComposerMode;
  readonly setMode: (mode: ComposerMode) => void;
  readonly send: (command: Command) => Promise<boolean>;
  /** Whom the reader speaks for where nobody is asked. */
  readonly me: string | undefined;
  readonly setMe: (name: string) => void;
}

/** What can be done, how it is called, and what the button says that does it. */
const modes: readonly (readonly [ComposerMode, string, string])[] = [
  ['say', 'Say', 'Say'],
  ['note', 'Direction', 'Give'],
  ['tell', 'Word to one', 'Tell'],
  ['enter', 'Enter', 'Bring on'],
  ['exit', 'Exit', 'Send off'],
];

/** Where the reader takes part, or who goes on with what no stage does. */
export function TakePart(props: ComposerProps) {
  const { open } = props.state;
  if (!open?.isTalk) return <Composer {...props} />;
  return (
    <p class="past soft">
      A conversation of “dramatis chat”, which goes on with it:{' '}
      <code>dramatis chat --continue {open.id}</code>
    </p>
  );
}

/** Where the reader speaks as somebody, gives a direction, brings on and sends off. */
function Composer({ state, mode, setMode, send, me, setMe }: ComposerProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState('');
  const [to, setTo] = useState('');
  const [isAside, setAside] = useState(false);
  const { asked, onStage } = state;
  const by = speakerFor(state, me);
  const others = addressees(state, mode, by);
  const needsOne = mode === 'enter' || mode === 'exit' || mode === 'tell';
  const hasText = mode !== 'enter' && mode !== 'exit';
  const chosen = others.includes(to) ? to : needsOne ? (others[0] ?? '') : '';
  const isLacking =
    (hasText && text.trim() === '') || (needsOne && chosen === '') || (mode === 'say' && by === '');

  useEffect(() => {
    if (asked !== undefined) setMode('say');
  }, [asked]);

  const submit = async (): Promise<void> => {
    if (isLacking) return;
    const command = commandOf(mode, { by, to: chosen, isAside, text: text.trim() });
    // The next thing may be written while this one waits for its turn; what was refused comes back.
    setText('');
    field.current?.focus();
    if (!(await send(command))) setText((now) => (now === '' ? text : now));
  };

  return (
    <form
      class={`composer ${asked === undefined ? '' : 'asked'}`}
      aria-label="Take part"
      onSubmit={(event) => {
        event.preventDefault();
        submit().catch(() => {});
      }}
    >
      <Modes mode={mode} setMode={setMode} />
      <div class="composing">
        {mode === 'say' && (
          <span class="as">
            <span class="soft">as</span>
            <Names
              label="Say as"
              names={onStage}
              value={by}
              isFixed={asked !== undefined}
              choose={setMe}
            />
          </span>
        )}
        {mode !== 'note' && (
          <span class="to">
            <span class="soft">{needsOne ? 'who' : 'to'}</span>
            <Names
              label={needsOne ? 'Who' : 'Said to'}
              names={others}
              nobody={needsOne ? 'nobody is left' : 'all'}
              value={chosen}
              isFixed={others.length === 0}
              choose={setTo}
            />
          </span>
        )}
        {mode === 'say' && (
          <label class="aside">
            <input
              type="checkbox"
              checked={isAside}
              onChange={({ currentTarget }) => setAside(currentTarget.checked)}
            />
            aside
          </label>
        )}
        {hasText && (
          <textarea
            id="composer-text"
            ref={field}
            rows={1}
            value={text}
            maxLength={4000}
            aria-label="What is said"
            placeholder={placeholder(mode, by, asked)}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') event.currentTarget.blur();
              if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
              event.preventDefault();
              submit().catch(() => {});
            }}
          />
        )}
        <button type="submit" class="primary" disabled={isLacking}>
          {modes.find(([value]) => value === mode)?.[2]}
        </button>
      </div>
    </form>
  );
}

function Modes({ mode, setMode }: Pick<ComposerProps, 'mode' | 'setMode'>) {
  return (
    <fieldset class="modes">
      <legend class="hidden">What to do</legend>
      {modes.map(([value, label]) => (
        <label key={value} class={value === mode ? 'on' : ''}>
          <input
            type="radio"
            name="mode"
            value={value}
            checked={value === mode}
            onChange={() => setMode(value)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

interface NamesProps {
  readonly label: string;
  /** Cast names. */
  readonly names: readonly string[];
  readonly value: string;
  /** What stands for no name, while none is chosen or where it may be. */
  readonly nobody?: string;
  readonly isFixed: boolean;
  readonly choose: (name: string) => void;
}

function Names({ label, names, value, nobody, isFixed, choose }: NamesProps) {
  return (
    <select
      aria-label={label}
      value={value}
      disabled={isFixed}
      onChange={({ currentTarget }) => choose(currentTarget.value)}
    >
      {(nobody === 'all' || names.length === 0) && <option value="">{nobody}</option>}
      {names.map((name) => (
        <option key={name} value={name}>
          {displayName(name)}
        </option>
      ))}
    </select>
  );
}

/** Whom the reader speaks for: who is asked, else whom they chose, else a part that a person has. */
function speakerFor({ asked, onStage, open }: StageState, me: string | undefined): string {
  if (asked !== undefined) return asked;
  if (me !== undefined && onStage.includes(me)) return me;
  const persons = open?.cast.filter(({ playedBy }) => playedBy === 'human') ?? [];
  return persons.find(({ name }) => onStage.includes(name))?.name ?? onStage[0] ?? '';
}

/** Whom it can be done to. */
function addressees({ cast, onStage }: StageState, mode: ComposerMode, by: string): string[] {
  if (mode === 'enter') return cast.filter((name) => !onStage.includes(name));
  return onStage.filter((name) => mode !== 'say' || name !== by);
}

function placeholder(mode: ComposerMode, by: string, asked: string | undefined): string {
  if (mode === 'note') return 'A noise within.';
  if (mode === 'tell') return 'What that one alone gets to know';
  return asked === undefined ? `Say as ${displayName(by)}…` : `${displayName(by)} is to speak…`;
}

interface Composed {
  readonly by: string;
  readonly to: string;
  readonly isAside: boolean;
  readonly text: string;
}

function commandOf(mode: ComposerMode, { by, to, isAside, text }: Composed): Command {
  switch (mode) {
    case 'say':
      return {
        ...{ do: 'say', by, text },
        ...(to !== '' && { to }),
        ...(isAside && { aside: true }),
      };
    case 'note':
      return { do: 'note', text };
    case 'tell':
      return { do: 'tell', to, text };
    case 'enter':
    case 'exit':
      return { do: mode, who: [to] };
  }
}
