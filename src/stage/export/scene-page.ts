import type { StageState, StageTurn } from '../state.ts';
import { directionOf, mannerOf } from '../view.ts';

/** A turn as it is printed. */
export interface PrintedTurn {
  readonly kind: 'turn';
  readonly n: number;
  /** Cast name. */
  readonly who: string;
  /** What stands before the words: "Aside" or "To Ophelia"; undefined where it is said to all. */
  readonly manner: string | undefined;
  readonly text: string;
  /** Whether it was stopped before its end. */
  readonly isCut: boolean;
  readonly isEdited: boolean;
  readonly seed: number | undefined;
  /** Place in the play, if it is the play's own. */
  readonly place: string | undefined;
}

/** A direction as it is printed, without brackets. */
export interface PrintedDirection {
  readonly kind: 'direction';
  readonly n: number;
  readonly text: string;
  /** Who comes on or goes off by it. */
  readonly move?: { readonly kind: 'enter' | 'exit'; readonly who: readonly string[] } | undefined;
  /** Whom alone it was told. */
  readonly to?: string | undefined;
}

/** A scene as print has it, whatever the format. */
export interface ScenePage {
  /** The play's title. */
  readonly title: string;
  /** Act and scene of the play; 1.1 for a scene of no place in it. */
  readonly act: number;
  readonly scene: number;
  /** Where it plays, such as "A room in the castle."; may be empty. */
  readonly heading: string;
  /** What is going on, where it is not the play's own; may be empty. */
  readonly situation: string;
  /** A sentence on how it came about. */
  readonly origin: string;
  /** ISO 8601; empty where the opening cannot be read. */
  readonly time: string;
  /** Cast names. */
  readonly cast: readonly string[];
  readonly lines: readonly (PrintedTurn | PrintedDirection)[];
}

/** Everything of a scene that is printed: turns and directions that count, with their last words. */
export function scenePage(state: StageState): ScenePage {
  const { open, cast } = state;
  const [act = 1, scene = 1] = (open?.at ?? '').split('.').map(Number).filter(Number.isFinite);
  return {
    title: open?.play.title || 'Untitled',
    act: open?.at ? act : 1,
    scene: open?.at ? scene : 1,
    heading: open?.heading ?? '',
    situation: open?.situation ?? '',
    origin: originOf(state),
    time: open?.time ?? '',
    cast,
    lines: linesOf(state),
  };
}

function originOf({ open }: StageState): string {
  if (!open) return 'Played by Dramatis.';
  const { program, model, seed, id } = open;
  return `Played by Dramatis ${program} with ${model.name}, seed ${seed}, scene ${id}.`;
}

function linesOf(state: StageState): ScenePage['lines'] {
  const turns = new Map(state.turns.map((turn) => [turn.n, turn]));
  return state.counting.flatMap((event): ScenePage['lines'] => {
    const { n } = event;
    switch (event.kind) {
      case 'turn':
        return [printed(turns.get(n) ?? event)];
      case 'note':
        return [{ kind: 'direction', n, text: event.text }];
      case 'tell':
        return [{ kind: 'direction', n, text: event.text, to: event.to }];
      case 'enter':
      case 'exit': {
        const { kind, who } = event;
        return [{ kind: 'direction', n, text: directionOf(event), move: { kind, who } }];
      }
      default:
        return [];
    }
  });
}

function printed(turn: StageTurn): PrintedTurn {
  const { n, who, text, seed, place } = turn;
  return {
    kind: 'turn',
    n,
    who,
    manner: mannerOf(turn),
    text,
    isCut: turn.stop === 'cut',
    isEdited: turn.isEdited === true,
    seed,
    place,
  };
}
