/** What memory stores: words of one speech, at most about sixty, that all the same people heard. */
export interface Passage {
  /** Of its first line, "act.scene.line". */
  readonly place: string;
  readonly act: number;
  readonly scene: number;
  readonly firstLine: number;
  readonly lastLine: number;
  /** As printed in a transcript: "HAMLET", or "ROSENCRANTZ and GUILDENSTERN" for a joint speech. */
  readonly speaker: string;
  /** The lines as printed, one under the other. */
  readonly text: string;
  /** Cast names of those on stage, sorted. */
  readonly present: readonly string[];
  /** Cast names of those who heard it: those on stage and those who spoke it. */
  readonly witnesses: ReadonlySet<string>;
}

/** A passage found, in the shape `recall --json` prints. */
export interface Recalled {
  readonly place: string;
  readonly speaker: string;
  readonly text: string;
  /** How well it fits the query: more than 0, at most 1; comparable within one answer only. */
  readonly score: number;
}
