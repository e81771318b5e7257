/** Names that an answer must have and must not have. */
export interface Keys {
  readonly right: string;
  readonly wrong: readonly string[];
}

/** What a character is asked to reply to. */
export interface Asked {
  readonly id: string;
  /** Scene of the play that it stands in; undefined for a visitor's question. */
  readonly scene?: string | undefined;
  readonly question: string;
  /** Cast name of who is spoken to; undefined for a visitor. */
  readonly addressee?: string | undefined;
  /** Words of the prompt besides the question: who they are, what they remember, what was said before. */
  readonly shown: readonly string[];
  readonly keys?: Keys | undefined;
  /** Id of the question whose right answer is wrong here: who answers both alike knows neither. */
  readonly twin?: string | undefined;
}

/** What a frozen language model makes of a reply, in nats. */
export interface Criticism {
  /** By how much it is likelier under the speaker's label than under another's of the play, a token. */
  readonly label: number;
  /** By how much it is likelier after its question than after others, a token. */
  readonly apt: number;
  /** −log p after its question, a byte: words in no order are above all that anybody says, what is known by heart below. */
  readonly surprise: number;
}

/** A reply to be rewarded. */
export interface Reply {
  readonly asked: Asked;
  readonly text: string;
  /** Whether it came to its end: false where the limit of tokens cut it. */
  readonly isEnded: boolean;
  readonly criticism: Criticism;
}

/** A speech of the character as printed, some of them as a reply would be criticised. */
export interface Original {
  /** Such as "3.1". */
  readonly scene: string;
  readonly text: string;
  /** Cast name of who is spoken to. */
  readonly addressee?: string | undefined;
  readonly criticism?: Criticism | undefined;
}
