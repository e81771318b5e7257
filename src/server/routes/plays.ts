import { situationAt } from '../../stage/situation.ts';
import type { App } from '../guarded-app.ts';
import {
  characterQuery,
  charactersSchema,
  idParams,
  placeParams,
  placeSchema,
  placesSchema,
  playsSchema,
} from '../schemas.ts';
import type { Served } from '../served.ts';

/** Plays, their scenes with who is there, and who speaks in them. */
export function playRoutes(app: App, { plays }: Served): void {
  app.get(
    '/api/plays',
    { schema: { summary: 'Plays that may be asked for', response: { 200: playsSchema } } },
    async () => ({ plays: [...(await plays.list())] }),
  );

  app.get(
    '/api/plays/:id/places',
    {
      schema: {
        summary: 'Scenes of a play, with all who are in them',
        params: idParams,
        response: { 200: placesSchema },
      },
    },
    async ({ params }) => {
      const places = await plays.places(params.id);
      return { places: places.map((one) => ({ ...one, cast: [...one.cast] })) };
    },
  );

  app.get(
    '/api/plays/:id/places/:place',
    {
      schema: {
        summary: 'Who is at a place of a play',
        params: placeParams,
        response: { 200: placeSchema },
      },
    },
    async ({ params }) => {
      const { play } = await plays.open(params.id);
      const { cast, onStage, heading = '' } = situationAt(play, { cast: [], at: params.place });
      return { at: params.place, heading, cast: [...cast], here: [...onStage] };
    },
  );

  app.get(
    '/api/characters',
    {
      schema: {
        summary: 'Who speaks in a play, or in all plays that are here',
        querystring: characterQuery,
        response: { 200: charactersSchema },
      },
    },
    async ({ query }) => {
      const here = (await plays.list()).filter((one) => one.here).map(({ id }) => id);
      const characters = [];
      for (const id of query.play === undefined ? here : [query.play]) {
        const opened = await plays.open(id);
        for (const { name, speeches } of opened.play.cast)
          if (speeches > 0) characters.push({ name, play: opened.id, speeches });
      }
      return { characters };
    },
  );
}
