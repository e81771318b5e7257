/** What a server that strangers may use lets each of them do, and all of them together. */
export const demoLimits = {
  /** Turns that wait while another is spoken; whoever comes then is asked to come back. */
  waiting: 8,
  /** Turns that one address may take in a minute, and in an hour. */
  perMinute: 10,
  perHour: 60,
  /** Characters of what a visitor says, at most. */
  characters: 400,
  /** Tokens of an answer, at most. */
  tokens: 160,
  /** Window of the model, in tokens: persona, memories and the end of a conversation fit. */
  window: 1024,
  /** Milliseconds in which an answer must have been spoken, once it has begun. */
  turnMs: 60_000,
  /** Bytes of all conversations together; those that were not gone on with for longest are forgotten first. */
  sessionBytes: 20e6,
  /** Lines that are kept of one conversation: more than the window has room for. */
  lines: 80,
  /** Bytes of a request's body, at most. */
  bodyBytes: 4096,
  /** Bytes of memory that must be free for a turn to be let in. */
  freeBytes: 64 * 2 ** 20,
} as const;
