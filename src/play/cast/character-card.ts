/**
 * Who somebody is to a character, in the character's words. Cards name persons as `Card.name` does, or as the headers of
 * digest files do ("KING HAMLET", the dead king, beside "GHOST").
 */
export interface CardRelation {
  readonly person: string;
  /** What the character calls the person when it tells of them: "my uncle", told as "my uncle Claudius". */
  readonly call?: string;
  /** Whether the call says it all and the name adds nothing: "my father". */
  readonly alone?: true;
  /** What else the person is: "now king and my mother's husband". */
  readonly more?: string;
  /** What comes after "Claudius is ", where that is not the call and what else the person is. */
  readonly is?: string;
}

/** How a character speaks to somebody's face, read off the play. */
export interface CardAddress {
  readonly person: string;
  /** What the character calls the person most: "my lord", "good Horatio". */
  readonly call?: string;
  /** Which of the two the character calls the person more often; none where it says both less than four times. */
  readonly form?: 'thou' | 'you';
}

/** Something that the character knows. */
export interface CardFact {
  /** A sentence in the character's words, "I buried two sons at sea.", or with the placeholders of digests. */
  readonly text: string;
  /** Questions that it answers, as they are put to the character, or words that they have. */
  readonly asks?: readonly string[];
  /** The scene from whose start on it is known; from the beginning unless given. */
  readonly since?: string;
}

/** A question, and what the character answers. */
export interface CardExample {
  readonly question: string;
  readonly reply: string;
}

/** Words that hold throughout, or scene → the words that hold from its start; `end`: after the play. */
export type CardWords = string | Readonly<Record<string, string>>;

/** What data/cards, or a card of the user's own, says of one character, in the writer's own words. */
export interface Card {
  /** A name that the cast member has, or has as an alias. */
  readonly name: string;
  /** What comes after "I am Hamlet, ". */
  readonly role: string;
  /** "You grieve and doubt …" */
  readonly manner?: string;
  /** Those whom prompts tell of; without it the first four of `others`. */
  readonly relations?: readonly CardRelation[];
  /** Everybody else to whom the character has a word. */
  readonly others: readonly CardRelation[];
  readonly addresses?: readonly CardAddress[];
  /** Sentences in the first person: "I want to revenge my father …" */
  readonly want?: CardWords;
  readonly love?: CardWords;
  readonly hate?: CardWords;
  readonly fear?: CardWords;
  readonly serve?: CardWords;
  /** How things stand when a scene begins, in the character's words. */
  readonly moments?: Readonly<Record<string, string>>;
  /** What else the character knows. */
  readonly knowledge?: readonly CardFact[];
  /** Shows how the character speaks, before exchanges from the play. */
  readonly examples?: readonly CardExample[];
  /** What the character says when a conversation begins. */
  readonly greeting?: string;
}
