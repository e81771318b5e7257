import { measureScene } from '../../workspace/measure-scene.ts';
import { sceneVoices } from '../../workspace/scene-voice.ts';
import { Refusal } from '../failure.ts';
import type { App } from '../guarded-app.ts';
import { idParams, measuresSchema } from '../schemas.ts';
import type { Served } from '../served.ts';

/** What is measured of scenes, beside the plays. */
export function measureRoutes(app: App, { kept, plays }: Served): void {
  app.get(
    '/api/conversations/:id/measures',
    {
      schema: {
        summary: 'Figures of a scene, and where those of the plays lie',
        params: idParams,
        response: { 200: measuresSchema },
      },
    },
    async ({ params }) => {
      const { state } = await kept.read(params.id);
      if (!state.open)
        throw new Refusal(422, 'transcript_unreadable', 'the opening of the scene is damaged');
      const { play } = await plays.open(state.open.play.id);
      const voice = sceneVoices(state, play).map(({ name, thirds }) => ({
        name,
        thirds: [...thirds],
      }));
      return { bands: [...measureScene(state, play)], voice };
    },
  );
}
