import { DramatisError, type ErrorCode } from '../errors.ts';

/** What a failed request is answered with: the shape of OpenAI's API, and what to do about it. */
interface FailureBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    /** The parameter that is wrong, such as "temperature". */
    readonly param: string | null;
    readonly code: string | null;
    readonly remedy?: string | undefined;
  };
}

/** A request that is refused by the server itself. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: string;
  readonly param: string | undefined;
  readonly remedy: string | undefined;
  /** Seconds after which it may be asked again. */
  readonly retryAfter: number | undefined;
  /** What the body says beside the error. */
  readonly beside: object | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    more: Partial<Pick<Refusal, 'param' | 'remedy' | 'retryAfter' | 'beside'>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.param = more.param;
    this.remedy = more.remedy;
    this.retryAfter = more.retryAfter;
    this.beside = more.beside;
  }
}

/** What a request ends with whose client has left: nobody reads the answer, and nothing went wrong here. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';

  constructor() {
    super('the client has gone');
  }
}

/** How a failure is answered. */
export interface Failure {
  readonly status: number;
  readonly body: FailureBody;
  readonly retryAfter?: number | undefined;
}

/** Seconds that somebody who is refused for want of room is asked to wait. */
const retryAfterSeconds = 2;

/** Statuses of codes that are not the server's own fault; every other code is answered with 500. */
const statuses: Partial<Readonly<Record<ErrorCode, number>>> = {
  USAGE: 400,
  PLACE_UNKNOWN: 404,
  PLAY_UNKNOWN: 404,
  CHARACTER_UNKNOWN: 404,
  CHARACTER_AMBIGUOUS: 400,
  CHARACTER_ABSENT: 400,
  MODEL_UNKNOWN: 404,
  ADAPTER_MISMATCH: 400,
  ADAPTER_UNKNOWN: 404,
  GATE_REFUSED: 409,
  CONVERSATION_UNKNOWN: 404,
  NOT_ON_STAGE: 409,
  TRANSCRIPT_UNREADABLE: 422,
  SCENE_UNKNOWN: 404,
  WINDOW_EXCEEDED: 400,
  GRAMMAR_INVALID: 400,
  BUSY: 429,
  LOCKED: 503,
  MEMORY_SHORT: 503,
  OFFLINE: 503,
  FETCH_FAILED: 502,
  RPC_UNREACHABLE: 503,
  RPC_LOST: 503,
  LICENCE_NEEDED: 403,
  STORE_UNWRITABLE: 507,
};

/** Names that OpenAI's clients know. */
const codes: Partial<Readonly<Record<ErrorCode, string>>> = {
  MODEL_UNKNOWN: 'model_not_found',
  WINDOW_EXCEEDED: 'context_length_exceeded',
  BUSY: 'rate_limit_exceeded',
};

/** What an error is answered with. What is nobody's fault outside says no more than that something went wrong. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Refusal) return refused(error);
  if (error instanceof DramatisError) return known(error);
  if (error instanceof ClientGone) return answered(499, 'client_gone', error.message, {});
  const wrong = validationOf(error);
  if (wrong) return wrong;
  const status = statusOf(error);
  if (status === undefined || status >= 500)
    return answered(500, 'internal_error', 'something went wrong in the server', {
      remedy: 'Look at what the server has printed, and report it.',
    });
  const message = error instanceof Error ? withoutPaths(error.message) : 'the request is wrong';
  return answered(status, codeOf(error), message, {});
}

function refused({ status, code, message, param, remedy, retryAfter, beside }: Refusal): Failure {
  const failure = answered(status, code, message, { param, remedy });
  return { ...failure, body: { ...failure.body, ...beside }, retryAfter };
}

function known({ code, message, remedy }: DramatisError): Failure {
  const status = statuses[code] ?? 500;
  const isBusy = status === 429 || status === 503;
  return {
    ...answered(status, codes[code] ?? code.toLowerCase(), withoutPaths(message), {
      remedy: withoutPaths(remedy),
    }),
    ...(isBusy && { retryAfter: retryAfterSeconds }),
  };
}

function answered(
  status: number,
  code: string,
  message: string,
  { param, remedy }: { readonly param?: string | undefined; readonly remedy?: string | undefined },
): Failure {
  const type =
    status === 429 ? 'rate_limit_error' : status >= 500 ? 'server_error' : 'invalid_request_error';
  return {
    status,
    body: { error: { message, type, param: param ?? null, code, ...(remedy && { remedy }) } },
  };
}

/** Where things lie on this machine is nobody's business elsewhere: of a path its last name is left. */
export function withoutPaths(text: string): string {
  return text
    .replaceAll(/(?<![\w.:/])(?!\/(?:api|v1)\b)(?:\/[^/\s"']+)+\/([^/\s"']+)/g, '$1')
    .replaceAll(/(?<!\w)[A-Za-z]:\\(?:[^\\\s"']+\\)*([^\\\s"']+)/g, '$1');
}

/** One thing that does not fit a schema, as Fastify has it from TypeBox. */
interface Misfit {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** What of a request does not fit its schema: of several the one that lies deepest, which tells most. */
function validationOf(error: unknown): Failure | undefined {
  if (!(error instanceof Error) || !('validation' in error)) return undefined;
  const misfits = (error.validation as readonly Misfit[]).filter(
    ({ keyword }) => keyword !== 'anyOf',
  );
  const depth = (path: string): number => path.split('/').length;
  const deepest = Math.max(...misfits.map(({ instancePath }) => depth(instancePath)));
  const own = misfits.filter(({ instancePath }) => depth(instancePath) === deepest);
  const path = own[0]?.instancePath ?? '';
  const same = own.filter(({ instancePath }) => instancePath === path);
  const allowed = same.flatMap(
    ({ params = {} }) => params.allowedValues ?? params.allowedValue ?? [],
  );
  const wanted =
    allowed.length > 0
      ? `must be one of ${[...new Set(allowed)].map(String).join(', ')}`
      : [...new Set(same.map(({ message = 'is wrong' }) => message))].join(', or ');
  const param = path
    .slice(1)
    .replaceAll(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.');
  const what = param === '' ? 'the request' : param.slice(0, 200);
  return answered(400, 'invalid_value', `${what} ${wanted}`, {
    param: param === '' ? undefined : param.slice(0, 200),
    remedy: 'See /openapi.json for what is wanted.',
  });
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

/** Fastify's own codes, such as FST_ERR_CTP_BODY_TOO_LARGE, in a shape that is like the others. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.replace(/^FST_(?:ERR_)?(?:CTP_)?/, '').toLowerCase() || 'invalid_request';
}
