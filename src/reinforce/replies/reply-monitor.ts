/** What a step says of the policy. */
export interface StepHealth {
  /** Nats a reply from the policy before training, on average. */
  readonly kl: number;
  /** −log p of what was drawn, in nats a token. */
  readonly entropy: number;
  /** Words of a reply, on average. */
  readonly words: number;
  /** Share of different pairs of words among 1,000; NaN for fewer. */
  readonly distinct2: number;
  /** Share of replies that have words of the play or of their prompt. */
  readonly copied: number;
}

/** What a look says: of questions that are never learned, and of words that nobody is rewarded for. */
export interface LookHealth {
  /** Mean reward of the shadow, and its standard error. */
  readonly shadow: number;
  readonly shadowError: number;
  /** Mean reward of the steps since the look before, and its standard error. */
  readonly learned: number;
  readonly learnedError: number;
  /** Bits a byte of plain prose, and of the character's own speeches in dev scenes; NaN for none. */
  readonly prose: number;
  readonly own: number;
}

/** All that stop rules remember: plain data, kept with every checkpoint. */
export interface MonitorState {
  readonly penalty: number;
  /** The last steps, and the first. */
  readonly recent: readonly StepHealth[];
  readonly start: readonly StepHealth[];
  /** Whether the penalty was doubled for the entropy, and steps since. */
  readonly sinceDoubled: number | null;
  readonly steps: number;
  /** Looks so far: the first is before training. */
  readonly looks: readonly LookHealth[];
}

/** Why a run is stopped. */
export interface Stopped {
  readonly rule: 'kl' | 'entropy' | 'length' | 'distinct' | 'copied' | 'gap' | 'prose' | 'own';
  /** With the values. */
  readonly says: string;
}

/** Steps that are averaged: one is noise. */
const window = 5;
/** Nats a reply that the penalty is to keep, and at which a run is stopped. Best of eight is at 1.2. */
const klBand = { least: 1, most: 2, stop: 4 } as const;
const leastPenalty = 0.0125;
const mostPenalty = 1.6;
/** Steps between two changes of the penalty. */
const penaltyEvery = 10;
/** Share of the entropy at the start below which the policy has collapsed. */
const leastEntropy = 0.6;
/** Change of the length that is none of the originals' doing. */
const mostLengthChange = 0.2;
/** Plays have .93 to .95. */
const leastDistinct2 = 0.9;
/** Share of copied replies, and how far it has risen. */
const mostCopied = 0.25;
const mostCopiedRise = 0.1;
/** Growth of the bits of plain prose, as a share, and of the character's own, in bits a byte. */
const mostProse = 0.01;
const mostOwn = 0.005;

export function firstState(penalty: number): MonitorState {
  return { penalty, recent: [], start: [], sinceDoubled: null, steps: 0, looks: [] };
}

/** Steps, and looks, in the order they come: what is remembered then, and why the run is to end. */
export interface Watched {
  readonly state: MonitorState;
  readonly stopped: Stopped | undefined;
}

/** @param lengths Words that half of the originals lie between: a reply that comes to lie there has not run away. */
export function watchStep(
  before: MonitorState,
  step: StepHealth,
  lengths: { readonly low: number; readonly high: number },
): Watched {
  const recent = [...before.recent, step].slice(-window);
  const start = before.start.length < window ? [...before.start, step] : before.start;
  const steps = before.steps + 1;
  const sinceDoubled = before.sinceDoubled === null ? null : before.sinceDoubled + 1;
  const state = { ...before, recent, start, steps, sinceDoubled };
  if (steps <= window) return { state, stopped: undefined };
  const mean = (all: readonly StepHealth[], name: keyof StepHealth): number =>
    all.reduce((sum, one) => sum + one[name], 0) / all.length;
  const now = (name: keyof StepHealth): number => mean(recent, name);
  const then = (name: keyof StepHealth): number => mean(start, name);
  const hasCollapsed = now('entropy') < leastEntropy * then('entropy');
  const stopped = ruleOf(now, then, lengths, hasCollapsed && (sinceDoubled ?? 0) > penaltyEvery);
  if (hasCollapsed && sinceDoubled === null)
    return { state: { ...state, penalty: doubled(state.penalty), sinceDoubled: 0 }, stopped };
  return { state: { ...state, penalty: penaltyAfter(state, now('kl')) }, stopped };
}

type Mean = (name: keyof StepHealth) => number;

function ruleOf(
  now: Mean,
  then: Mean,
  lengths: { readonly low: number; readonly high: number },
  isCollapsed: boolean,
): Stopped | undefined {
  const moved = now('words') / then('words') - 1;
  const isOutside = now('words') < lengths.low || now('words') > lengths.high;
  const rules: readonly (readonly [Stopped['rule'], boolean, string])[] = [
    ['kl', now('kl') > klBand.stop, `${now('kl').toFixed(2)} nats a reply from where it began`],
    [
      'entropy',
      isCollapsed,
      `${now('entropy').toFixed(2)} nats a token, from ${then('entropy').toFixed(2)}`,
    ],
    [
      'length',
      Math.abs(moved) > mostLengthChange && isOutside,
      `${now('words').toFixed(0)} words a reply, from ${then('words').toFixed(0)}`,
    ],
    [
      'distinct',
      now('distinct2') < Math.min(leastDistinct2, then('distinct2') - 0.02),
      `${(100 * now('distinct2')).toFixed(0)} % different pairs of words`,
    ],
    [
      'copied',
      now('copied') > mostCopied && now('copied') - then('copied') > mostCopiedRise,
      `${(100 * now('copied')).toFixed(0)} % of the replies copied, from ${(100 * then('copied')).toFixed(0)} %`,
    ],
  ];
  const found = rules.find(([, holds]) => holds);
  return found && { rule: found[0], says: found[2] };
}

function penaltyAfter({ penalty, steps }: MonitorState, kl: number): number {
  if (steps % penaltyEvery !== 0) return penalty;
  if (kl > klBand.most) return doubled(penalty);
  return kl < klBand.least ? Math.max(leastPenalty, penalty / 2) : penalty;
}

const doubled = (penalty: number): number => Math.min(mostPenalty, penalty * 2);

export function watchLook(before: MonitorState, look: LookHealth): Watched {
  const [first] = before.looks;
  const last = before.looks.at(-1);
  const state = { ...before, looks: [...before.looks, look] };
  if (!first || !last) return { state, stopped: undefined };
  const gapOf = ({ learned, shadow }: LookHealth): number => learned - shadow;
  const error = Math.hypot(look.learnedError, look.shadowError);
  const gap = gapOf(look);
  if (gap > 2 * error && gap > gapOf(last) && before.looks.length > 1)
    return {
      state,
      stopped: {
        rule: 'gap',
        says: `reward ${look.learned.toFixed(3)} on what is learned, ${look.shadow.toFixed(3)} on the shadow`,
      },
    };
  if (look.prose > first.prose * (1 + mostProse))
    return {
      state,
      stopped: {
        rule: 'prose',
        says: `${look.prose.toFixed(3)} bits a byte of plain prose, from ${first.prose.toFixed(3)}`,
      },
    };
  if (look.own > first.own + mostOwn)
    return {
      state,
      stopped: {
        rule: 'own',
        says: `${look.own.toFixed(3)} bits a byte of own speeches, from ${first.own.toFixed(3)}`,
      },
    };
  return { state, stopped: undefined };
}
