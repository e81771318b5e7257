import { type Static, Type } from 'typebox';

/** Every shape that requests and answers have: what is checked, what /openapi.json says, and what the page's types are. */

const shortText = Type.String({ minLength: 1, maxLength: 200 });
const said = Type.String({ minLength: 1, maxLength: 20_000 });
const eventNumber = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const seed = Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 });
const place = Type.String({ pattern: '^\\d{1,4}\\.\\d{1,4}(?:\\.\\d{1,6})?$' });
const playId = Type.String({ pattern: "^[\\w .'-]{1,100}$" });
const names = (most: number) => Type.Array(shortText, { maxItems: most });

/** How the next speaker may be chosen in a scene that somebody begins from a distance. */
const policy = Type.Enum([
  'turn-model',
  'model',
  'round-robin',
  'aba',
  'random',
  'human',
  'silence',
]);

export const healthSchema = Type.Object({
  status: Type.Enum(['ok', 'loading', 'draining']),
  model: Type.Union([Type.String(), Type.Null()]),
  /** Scenes and chats that go on, and requests that wait for a slot. */
  running: Type.Integer(),
  waiting: Type.Integer(),
});

export const playsSchema = Type.Object({
  plays: Type.Array(Type.Object({ id: Type.String(), title: Type.String(), here: Type.Boolean() })),
});

/** An answer that says by its status alone that there is nothing more to say. */
export const nothing = Type.Null();

const placeEntry = Type.Object({
  at: Type.String(),
  heading: Type.String(),
  cast: Type.Array(Type.String()),
});
export const placesSchema = Type.Object({ places: Type.Array(placeEntry) });

export const placeSchema = Type.Object({
  at: Type.String(),
  heading: Type.String(),
  /** All who are in the scene at some time. */
  cast: Type.Array(Type.String()),
  /** Who is there at the place itself. */
  here: Type.Array(Type.String()),
});

export const charactersSchema = Type.Object({
  characters: Type.Array(
    Type.Object({ name: Type.String(), play: Type.String(), speeches: Type.Integer() }),
  ),
});

export const adaptersSchema = Type.Object({
  adapters: Type.Array(Type.Object({}, { additionalProperties: true })),
});

/** How a kept scene stands. */
const standing = Type.Enum(['running', 'waiting', 'paused', 'ended']);
export type Standing = Static<typeof standing>;

const summary = Type.Object({
  id: Type.String(),
  play: Type.Object({ id: Type.String(), title: Type.String() }),
  at: Type.Optional(Type.String()),
  heading: Type.Optional(Type.String()),
  isTalk: Type.Optional(Type.Literal(true)),
  cast: Type.Array(Type.String()),
  state: standing,
  reason: Type.Optional(Type.String()),
  turns: Type.Integer(),
  words: Type.Integer(),
  struck: Type.Integer(),
  alarms: Type.Integer(),
  begun: Type.String(),
  last: Type.String(),
});
export const summariesSchema = Type.Object({
  conversations: Type.Array(summary),
  next: Type.Optional(Type.String()),
});

export const listQuery = Type.Object({
  state: Type.Optional(
    Type.Union(['', 'running', 'waiting', 'paused', 'ended'].map((one) => Type.Literal(one))),
  ),
  play: Type.Optional(Type.String({ maxLength: 100 })),
  q: Type.Optional(Type.String({ maxLength: 1000 })),
  before: Type.Optional(Type.String({ maxLength: 100 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
});

export const newSceneBody = Type.Object(
  {
    play: playId,
    cast: Type.Array(shortText, { maxItems: 64 }),
    at: Type.Optional(place),
    situation: Type.Optional(Type.String({ maxLength: 4000 })),
    humans: Type.Optional(names(64)),
    director: Type.Optional(policy),
    addressing: Type.Optional(Type.Boolean()),
    seed: Type.Optional(seed),
    turns: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    drafts: Type.Optional(Type.Integer({ minimum: 1, maximum: 16 })),
    maxTokens: Type.Optional(Type.Integer({ minimum: 1, maximum: 1024 })),
    memory: Type.Optional(Type.Boolean()),
    /** Levers as on the command line: "on", "off", a list, or changes such as "+lexicon,-ban". */
    steer: Type.Optional(Type.String({ maxLength: 400 })),
    adapters: Type.Optional(
      Type.Record(Type.String({ maxLength: 200 }), Type.String({ pattern: '^[0-9a-z]{1,64}$' })),
    ),
    start: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type NewSceneBody = Static<typeof newSceneBody>;

export const headSchema = Type.Object({
  id: Type.String(),
  n: eventNumber,
  state: Type.Optional(Type.String()),
});

export const snapshotSchema = Type.Object({
  summary: summary,
  n: eventNumber,
  running: Type.Boolean(),
  /** Cast names. */
  stage: Type.Array(Type.String()),
  turns: Type.Array(Type.Object({}, { additionalProperties: true })),
  draft: Type.Optional(Type.Object({ turn: eventNumber, who: Type.String(), text: Type.String() })),
});

export const eventsQuery = Type.Object({
  after: Type.Optional(eventNumber),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  /** Kinds of events, with commas between them. */
  kinds: Type.Optional(Type.String({ maxLength: 400, pattern: '^[a-z,]*$' })),
  /** Only what this one of the cast hears and sees. */
  as: Type.Optional(shortText),
});
export const eventPageSchema = Type.Object({
  events: Type.Array(Type.Object({}, { additionalProperties: true })),
  n: eventNumber,
  running: Type.Boolean(),
});

const checked = { if: Type.Optional(eventNumber) };
const closed = { additionalProperties: false };
export const commandBody = Type.Union([
  Type.Object({ do: Type.Enum(['start', 'pause', 'step', 'end', 'again']), ...checked }, closed),
  Type.Object(
    {
      do: Type.Enum(['enter', 'exit']),
      who: Type.Array(shortText, { minItems: 1, maxItems: 64 }),
      ...checked,
    },
    closed,
  ),
  Type.Object(
    {
      do: Type.Literal('say'),
      by: shortText,
      to: Type.Optional(shortText),
      aside: Type.Optional(Type.Boolean()),
      text: said,
      ...checked,
    },
    closed,
  ),
  Type.Object({ do: Type.Literal('note'), text: said, ...checked }, closed),
  Type.Object({ do: Type.Literal('tell'), to: shortText, text: said, ...checked }, closed),
  Type.Object({ do: Type.Literal('next'), who: shortText, ...checked }, closed),
  Type.Object({ do: Type.Literal('edit'), of: eventNumber, text: said, ...checked }, closed),
  Type.Object({ do: Type.Literal('undo'), to: eventNumber, ...checked }, closed),
]);
export type CommandBody = Static<typeof commandBody>;

export const forkBody = Type.Object(
  {
    at: Type.Optional(eventNumber),
    changes: Type.Optional(Type.Object({ seed: Type.Optional(seed) }, closed)),
  },
  closed,
);

export const exportQuery = Type.Object({ as: Type.String({ maxLength: 20 }) });
export const idParams = Type.Object({ id: Type.String({ maxLength: 100 }) });
export const placeParams = Type.Object({
  id: Type.String({ maxLength: 100 }),
  place: Type.String({ maxLength: 30 }),
});
export const characterQuery = Type.Object({ play: Type.Optional(Type.String({ maxLength: 100 })) });
export const streamQuery = Type.Object({
  watch: Type.Optional(
    Type.Union([
      Type.String({ maxLength: 100 }),
      Type.Array(Type.String({ maxLength: 100 }), { maxItems: 64 }),
    ]),
  ),
});
export const actParams = Type.Object({
  id: Type.String({ pattern: '^[0-9a-f]{1,64}$' }),
  act: Type.Enum(['promote', 'rollback']),
});
export const actBody = Type.Object(
  { reason: Type.Optional(Type.String({ maxLength: 1000 })) },
  closed,
);

export const measuresSchema = Type.Object({
  bands: Type.Array(
    Type.Object({
      name: Type.String(),
      value: Type.Number(),
      low: Type.Number(),
      high: Type.Number(),
      mean: Type.Number(),
    }),
  ),
  /** How much each sounds like themselves, by third of the scene; null for a third in which they are silent. */
  voice: Type.Array(
    Type.Object({
      name: Type.String(),
      thirds: Type.Array(Type.Union([Type.Number(), Type.Null()])),
    }),
  ),
});

export const turnParams = Type.Object({ id: Type.String({ maxLength: 100 }), n: eventNumber });
export const promptSchema = Type.Object({
  text: Type.String(),
  tokens: Type.Integer(),
  /** Whether it is the very prompt: its tokens have the hash that the scene has kept. */
  isSame: Type.Boolean(),
});
