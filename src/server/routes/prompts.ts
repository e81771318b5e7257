import { hashOf } from '../../stage/prompt-hash.ts';
import { stateOf } from '../../stage/state.ts';
import { scenePrompter } from '../../workspace/scene-prompts.ts';
import { Refusal } from '../failure.ts';
import type { App } from '../guarded-app.ts';
import { promptSchema, turnParams } from '../schemas.ts';
import type { Served } from '../served.ts';

/** The prompts of a scene, as those who spoke in it had them before their eyes. */
export function promptRoutes(app: App, served: Served): void {
  app.get(
    '/api/conversations/:id/turns/:n/prompt',
    {
      schema: {
        summary: 'The prompt that a turn was drawn from, made again',
        params: turnParams,
        response: { 200: promptSchema },
      },
    },
    async ({ params: { id, n } }) => {
      const { records, state } = await served.kept.read(id);
      const at = records.findIndex((record) => record.n === n);
      const from = records.slice(0, Math.max(0, at)).findLastIndex(({ kind }) => kind === 'turn');
      const view = records.slice(from + 1, at).findLast((record) => record.kind === 'view');
      const { open } = state;
      if (!open || view?.kind !== 'view' || records[at]?.kind !== 'turn')
        throw new Refusal(404, 'not_found', `no prompt was drawn from for event ${n}`);
      const { model } = await served.engine();
      const { play } = await served.plays.open(open.play.id);
      const before = stateOf(records.filter((record) => record.n < view.n));
      const tokens = scenePrompter(open, play, model)(before, view);
      if (!tokens)
        throw new Refusal(409, 'other_model', 'another model than the one here spoke this turn', {
          remedy: `Start the server with --model ${open.model.name}.`,
        });
      const text = model.model.detokenize(tokens);
      return { text, tokens: tokens.length, isSame: hashOf(tokens) === view.hash };
    },
  );
}
