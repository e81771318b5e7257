import { words } from '../play/words.ts';
import type {
  AlarmEvent,
  EndEvent,
  NextEvent,
  OpenEvent,
  Recorded,
  StruckEvent,
  TurnEvent,
} from './events.ts';

/** A turn that counts, in the words that count. */
export type StageTurn = Recorded<TurnEvent> & {
  /** Whether the words are others than those that were said first; what was drawn for those is left out. */
  readonly isEdited?: true;
};

/** What one of the cast has said in the scene; turns that came from the play are not counted. */
export interface Share {
  readonly turns: number;
  readonly words: number;
}

/** What can be counted while a scene goes on. */
export interface StageFigures extends Share {
  /** Tokens that the model drew for turns. */
  readonly tokens: number;
  /** Turns that the model spoke. */
  readonly modelTurns: number;
  readonly struck: number;
  /** Drafts that were struck, of all that were drawn; 0 where none was. */
  readonly struckShare: number;
  readonly alarms: number;
  /** Who has spoken, by name. */
  readonly shares: Readonly<Record<string, Share>>;
}

/** Everything that is known of a scene after its last event. */
export interface StageState {
  /** Number of the last event, whether it counts or not; 0 before the first. */
  readonly n: number;
  /** Undefined before the first event, and where that cannot be read. */
  readonly open: Recorded<OpenEvent> | undefined;
  /** Cast names in the order of the opening, then those who came on since. */
  readonly cast: readonly string[];
  /** Cast names, sorted. */
  readonly onStage: readonly string[];
  /** Turns that count, oldest first; those that the play opens the scene with among them. */
  readonly turns: readonly StageTurn[];
  readonly struck: readonly Recorded<StruckEvent>[];
  readonly alarms: readonly Recorded<AlarmEvent>[];
  /** Sentences that are in no view any more. */
  readonly forgotten: readonly string[];
  /** The last choice of a speaker. */
  readonly choice: Recorded<NextEvent> | undefined;
  /** Settings that were changed in mid-scene, by name. */
  readonly levers: Readonly<Record<string, string | number | boolean>>;
  readonly isPaused: boolean;
  /** Who is waited for, if the scene waits for a person. */
  readonly asked: string | undefined;
  /** How it ended; undefined while it goes on, or goes on again. */
  readonly end: Recorded<EndEvent> | undefined;
  readonly figures: StageFigures;
  /** Events that count, oldest first: those that an undo has not taken back. Views are made from them. */
  readonly counting: readonly Recorded[];
}

const noFigures: StageFigures = {
  turns: 0,
  words: 0,
  tokens: 0,
  modelTurns: 0,
  struck: 0,
  struckShare: 0,
  alarms: 0,
  shares: {},
};

export const emptyState: StageState = {
  n: 0,
  open: undefined,
  cast: [],
  onStage: [],
  turns: [],
  struck: [],
  alarms: [],
  forgotten: [],
  choice: undefined,
  levers: {},
  isPaused: false,
  asked: undefined,
  end: undefined,
  figures: noFigures,
  counting: [],
};

/** The state of a scene after all these events. */
export function stateOf(records: readonly Recorded[]): StageState {
  return advanceAll(emptyState, records);
}

/**
 * The state after more events: what `advance` comes to for one after another, in time that grows with their number and not
 * with its square. It changes nothing that it is given.
 */
export function advanceAll(state: StageState, records: readonly Recorded[]): StageState {
  const { turns, struck, alarms, counting } = state;
  let own: StageState = {
    ...state,
    ...{ turns: [...turns], struck: [...struck], alarms: [...alarms], counting: [...counting] },
  };
  for (const recorded of records) own = after(own, recorded, grownInPlace);
  return own;
}

/** How a list gets one more at its end. */
type Grown = <T>(list: readonly T[], one: T) => readonly T[];

const grownCopy: Grown = (list, one) => [...list, one];

/** For lists that nobody else has seen yet. */
const grownInPlace: Grown = (list, one) => {
  (list as (typeof one)[]).push(one);
  return list;
};

/**
 * The state after one more event: the only way in which stage, commands and page find out how a scene stands. It changes
 * nothing that it is given.
 *
 * An undo makes the scene as if nothing after the event it names had happened: what was taken back before stays so. An edit
 * of a turn that does not count, and an event of a kind that is not known, change nothing but `n`.
 */
export function advance(state: StageState, recorded: Recorded): StageState {
  return after(state, recorded, grownCopy);
}

function after(state: StageState, recorded: Recorded, grown: Grown): StageState {
  if (recorded.kind === 'undo') {
    const { to } = recorded;
    const kept = state.counting.filter(({ kind, n }) => n <= to || kind === 'open');
    return { ...stateOf(kept), n: recorded.n };
  }
  const next = changed(state, recorded, grown);
  return { ...next, n: recorded.n, counting: grown(state.counting, recorded) };
}

function changed(state: StageState, recorded: Recorded, grown: Grown): StageState {
  switch (recorded.kind) {
    case 'open':
      return { ...state, open: recorded, cast: recorded.cast.map(({ name }) => name) };
    case 'enter':
      return entered(state, recorded.who);
    case 'exit':
      return { ...state, onStage: state.onStage.filter((name) => !recorded.who.includes(name)) };
    case 'next':
      return { ...state, choice: recorded, asked: undefined };
    case 'struck':
      return withStruck(state, recorded, grown);
    case 'turn':
      return withTurn(state, recorded, grown);
    case 'edit':
      return edited(state, recorded.of, recorded.text);
    case 'alarm':
      return withAlarm(state, recorded, grown);
    case 'lever':
      return { ...state, levers: { ...state.levers, [recorded.name]: recorded.to } };
    case 'ask':
      return { ...state, asked: recorded.who };
    case 'pause':
      return { ...state, isPaused: true };
    case 'resume':
      return { ...state, isPaused: false, end: undefined };
    case 'end':
      return { ...state, end: recorded, asked: undefined };
    default:
      return state; // it has no part in the state, or is of a newer Dramatis
  }
}

function entered(state: StageState, who: readonly string[]): StageState {
  const onStage = [...new Set([...state.onStage, ...who])].sort();
  return { ...state, onStage, cast: [...new Set([...state.cast, ...who])] };
}

function withStruck(state: StageState, recorded: Recorded<StruckEvent>, grown: Grown): StageState {
  const struck = grown(state.struck, recorded);
  return {
    ...state,
    struck,
    figures: withShare({ ...state.figures, struck: state.figures.struck + 1 }),
  };
}

function withAlarm(state: StageState, recorded: Recorded<AlarmEvent>, grown: Grown): StageState {
  const { figures, alarms } = state;
  return {
    ...state,
    alarms: grown(alarms, recorded),
    forgotten: [...new Set([...state.forgotten, ...(recorded.forgotten ?? [])])],
    figures: { ...figures, alarms: figures.alarms + 1 },
  };
}

function withTurn(state: StageState, turn: Recorded<TurnEvent>, grown: Grown): StageState {
  return {
    ...state,
    turns: grown(state.turns, turn),
    asked: state.asked === turn.who ? undefined : state.asked,
    figures: turn.playedBy === 'play' ? state.figures : counted(state.figures, turn),
  };
}

function edited(state: StageState, of: number, text: string): StageState {
  const at = state.turns.findIndex(({ n }) => n === of);
  const before = state.turns[at];
  if (!before) return state;
  const { tokens: _, costs: __, ...kept } = before;
  const after: StageTurn = { ...kept, text, isEdited: true };
  const more = words(text).length - words(before.text).length;
  return {
    ...state,
    turns: state.turns.with(at, after),
    figures:
      before.playedBy === 'play' ? state.figures : withWords(state.figures, before.who, more),
  };
}

function counted(figures: StageFigures, { who, text, tokens, playedBy }: TurnEvent): StageFigures {
  const { shares } = figures;
  const isDrawn = playedBy === 'model';
  const turns = (shares[who]?.turns ?? 0) + 1;
  const known = { ...shares, [who]: { turns, words: shares[who]?.words ?? 0 } };
  const more = {
    ...figures,
    turns: figures.turns + 1,
    modelTurns: figures.modelTurns + (isDrawn ? 1 : 0),
    tokens: figures.tokens + (tokens?.length ?? 0),
    shares: known,
  };
  return withShare(withWords(more, who, words(text).length));
}

function withWords(figures: StageFigures, who: string, more: number): StageFigures {
  const share = figures.shares[who] ?? { turns: 0, words: 0 };
  return {
    ...figures,
    words: figures.words + more,
    shares: { ...figures.shares, [who]: { ...share, words: share.words + more } },
  };
}

function withShare(figures: StageFigures): StageFigures {
  const { struck, modelTurns } = figures;
  const drafts = struck + modelTurns;
  return { ...figures, struckShare: drafts === 0 ? 0 : struck / drafts };
}
