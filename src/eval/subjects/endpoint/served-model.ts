import { DramatisError } from '../../../errors.ts';
import { fields } from './completion.ts';
import { ask, call, type Endpoint } from './connection.ts';

/** A model as its server tells of it. */
export interface ServedModel {
  readonly name: string;
  /** Size of the weights; 0 where the server does not say. */
  readonly bytes: number;
  readonly parameters: number;
}

/**
 * The model that is meant, and that it is there.
 *
 * @param wanted As the server names it; may be left out where there is one only.
 * @throws {DramatisError} MODEL_UNKNOWN with the names there are; FETCH_FAILED.
 */
export async function findServedModel(
  endpoint: Endpoint,
  wanted: string | undefined,
  signal?: AbortSignal,
): Promise<ServedModel> {
  const list = { path: '/models', signal };
  const reply = await call(endpoint, list);
  // Not every server has the list; then whoever asks has to know the name.
  if (!reply.ok && reply.status === 404 && wanted !== undefined) {
    return { name: wanted, bytes: 0, parameters: 0 };
  }
  const { data } = fields(reply.ok ? reply.body : await ask(endpoint, list));
  const models = Array.isArray(data) ? data.map(readModel) : [];
  const only = wanted === undefined && models.length === 1 ? models[0] : undefined;
  const found = only ?? models.find(({ name }) => name === wanted);
  if (found) return found;
  const names = models.map(({ name }) => name).join(', ') || 'none';
  const which = wanted === undefined ? 'no model was named' : `there is no model "${wanted}"`;
  throw new DramatisError('MODEL_UNKNOWN', `${which} at ${endpoint.url}; it has: ${names}`, {
    remedy: 'Name one of them with --model.',
  });
}

function readModel(entry: unknown): ServedModel {
  const { id, meta } = fields(entry);
  const { size, n_params } = fields(meta); // llama-server's
  return { name: String(id), bytes: Number(size ?? 0), parameters: Number(n_params ?? 0) };
}
