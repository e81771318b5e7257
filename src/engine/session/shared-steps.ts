/** Where a session stands among those of its cache. */
export interface Standing {
  /** Whether it lets others go before it: a scene that goes on by itself waits for a person who wants an answer. */
  isPatient: boolean;
}

/** Takes one step of the engine for all that it is given; a result for each, in their order. */
type Step<T> = (all: readonly T[]) => Promise<Int32Array>;

interface Asked {
  readonly isPatient: boolean;
  readonly signal: AbortSignal | undefined;
  readonly fail: (reason: unknown) => void;
}

interface DrawAsked<T> extends Asked {
  readonly rows: readonly T[];
  readonly done: (tokens: Int32Array) => void;
}

interface ReadAsked extends Asked {
  readonly slice: () => Promise<void>;
  readonly done: () => void;
}

/** While somebody impatient is served, the patient take part in one of so many rounds, so that they never stand still. */
const patientRounds = 4;

/**
 * Lets everybody who draws and reads in one cache take their steps together: a chat, its forks and the actors of several
 * scenes, none of which knows of the others.
 *
 * A round is one step in which all who wait for a token get theirs, then one slice of one prompt; so nobody who draws waits
 * for longer than a slice, and nobody who reads for longer than their turn. Where all are patient, who draws waits for
 * who reads: a step of more rows costs less a row. What is asked for while a step runs is gathered for the next. Who
 * draws alone waits for nobody: their steps follow one another as if this were not there.
 *
 * The sessions of a cache go through it by themselves: whoever wants several replies at once runs several `drawTogether`,
 * `Voice.speak`, `Actor.reply` or `Stage.run` beside one another, with all their sessions in one `Cache`. A reply drawn beside
 * others may differ in the last bits of its logits from one drawn alone; what must not is drawn in a cache of its own.
 */
export class SharedSteps<T> {
  readonly #step: Step<T>;
  #draws: DrawAsked<T>[] = [];
  #reads: ReadAsked[] = [];
  #isRunning = false;
  /** Whether several took part in the round, or waited while it ran. */
  #isShared = false;
  #round = 0;
  /** Called after each step that draws, with its rows and its milliseconds. */
  observe: ((rows: number, ms: number) => void) | undefined;

  constructor(step: Step<T>) {
    this.#step = step;
  }

  /** How many wait for a token and how many for a slice of their prompt to be read, at this moment. */
  get waiting(): { readonly draws: number; readonly reads: number } {
    return { draws: this.#draws.length, reads: this.#reads.length };
  }

  /** Whether a step is being taken at this moment. */
  get isAtWork(): boolean {
    return this.#isRunning;
  }

  /**
   * A token for each of some rows, from the next step that they take part in.
   *
   * @throws {DramatisError} What the step throws for these rows; another's fault is no one else's.
   *   `signal.reason` when aborted while they wait.
   */
  draw(rows: readonly T[], { isPatient }: Standing, signal?: AbortSignal): Promise<Int32Array> {
    return new Promise((done, fail) => {
      this.#add(this.#draws, { rows, done, fail, isPatient, signal });
    });
  }

  /**
   * Runs one slice of reading when its turn comes.
   *
   * @throws What `slice` throws; `signal.reason` when aborted while it waits.
   */
  read(slice: () => Promise<void>, { isPatient }: Standing, signal?: AbortSignal): Promise<void> {
    return new Promise((done, fail) => {
      this.#add(this.#reads, { slice, done, fail, isPatient, signal });
    });
  }

  #add<A extends Asked>(queue: A[], asked: A): void {
    if (asked.signal?.aborted) {
      asked.fail(asked.signal.reason);
      return;
    }
    queue.push(asked);
    if (!this.#isRunning) void this.#run();
  }

  /** Takes rounds as long as somebody waits. Nothing that it awaits rejects. */
  async #run(): Promise<void> {
    this.#isRunning = true;
    for (;;) {
      this.#dropAborted();
      const isOpenToAll = this.#beginRound();
      const draws = this.#takeDraws(isOpenToAll);
      this.#isShared = draws.length > 1;
      if (draws.length > 0) await this.#drawAll(draws);
      this.#dropAborted();
      const read = this.#takeRead(isOpenToAll);
      if (read) await this.#read(read);
      this.#isShared ||= draws.length > 0 && read !== undefined;
      // Whoever has just been answered asks again within this turn of the event loop. Who was alone is not waited for.
      if (this.#isShared) await new Promise((next) => setImmediate(next));
      if (this.#isIdle) break;
    }
    this.#isRunning = false;
  }

  get #isIdle(): boolean {
    return this.#draws.length + this.#reads.length === 0;
  }

  #dropAborted(): void {
    const left = (asked: Asked): boolean => {
      if (!asked.signal?.aborted) return true;
      asked.fail(asked.signal.reason);
      return false;
    };
    this.#draws = this.#draws.filter(left);
    this.#reads = this.#reads.filter(left);
  }

  /** @returns Whether the patient take part in this round: nobody impatient waits, or it is their turn. */
  #beginRound(): boolean {
    const isUrgent = [...this.#draws, ...this.#reads].some(({ isPatient }) => !isPatient);
    return !isUrgent || ++this.#round % patientRounds === 0;
  }

  #takeDraws(isOpenToAll: boolean): readonly DrawAsked<T>[] {
    const isPatient = [...this.#draws, ...this.#reads].every((asked) => asked.isPatient);
    if (isPatient && this.#reads.length > 0) return [];
    const taken = this.#draws.filter((asked) => isOpenToAll || !asked.isPatient);
    this.#draws = this.#draws.filter((asked) => !taken.includes(asked));
    return taken;
  }

  /** The one that has waited for longest: an impatient one, if there is one. */
  #takeRead(isOpenToAll: boolean): ReadAsked | undefined {
    const impatient = this.#reads.findIndex(({ isPatient }) => !isPatient);
    const at = impatient < 0 && isOpenToAll ? 0 : impatient;
    return at < 0 ? undefined : this.#reads.splice(at, 1)[0];
  }

  async #drawAll(asked: readonly DrawAsked<T>[]): Promise<void> {
    try {
      const rows = asked.flatMap((one) => one.rows);
      const start = performance.now();
      const tokens = await this.#step(rows);
      this.observe?.(rows.length, performance.now() - start);
      this.#isShared ||= !this.#isIdle;
      let at = 0;
      for (const one of asked) {
        one.done(tokens.slice(at, at + one.rows.length));
        at += one.rows.length;
      }
    } catch (error) {
      if (asked.length === 1) asked[0]!.fail(error);
      else for (const one of asked) await this.#drawAll([one]);
    }
  }

  async #read({ slice, done, fail }: ReadAsked): Promise<void> {
    try {
      await slice();
      this.#isShared ||= !this.#isIdle;
      done();
    } catch (error) {
      fail(error);
    }
  }
}
