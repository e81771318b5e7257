import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Server } from '../../server/serve.ts';
import { ask, TinyHome, twoSpeak, until } from '../../server/tiny-server.test.support.ts';
import type { Recorded } from '../../stage/events.ts';
import { findScene } from '../../stage/past-scenes.ts';
import type { Dramatis } from '../../workspace/dramatis.ts';
import { publicEvent } from '../../workspace/public-event.ts';
import { followRemote, remoteEvents } from './remote-scene.ts';

const home = new TinyHome();
let dramatis: Dramatis;
let server: Server;
beforeAll(async () => {
  await home.prepare();
  dramatis = await home.open();
  server = await home.serve(dramatis);
});
afterAll(async () => {
  await server.close();
  dramatis[Symbol.dispose]();
  home[Symbol.dispose]();
});

const { signal } = new AbortController();

async function begin(more: object = {}): Promise<string> {
  const begun = await ask(server.url, '/api/conversations', { body: { ...twoSpeak, ...more } });
  return ((await begun.json()) as { id: string }).id;
}
const command = (id: string, body: object) =>
  ask(server.url, `/api/conversations/${id}/commands`, { body });
/** What the server's file has, without paths of its machine. */
const kept = async (id: string): Promise<readonly Recorded[]> =>
  (await (await findScene(dramatis.folders.conversations, id)).read()).records.map(publicEvent);

describe('A scene of a server', () => {
  it('is read to where it stands, by any address that has its id', async () => {
    const id = await begin();
    await command(id, { do: 'note', text: 'It grows dark.' });
    for (const address of [`/api/conversations/${id}`, `/#/scene/${id}`])
      expect(await remoteEvents(server.url + address, signal)).toEqual(await kept(id));
  });

  it('is followed to its end across a server that goes and comes back', async () => {
    const id = await begin({ turns: 10_000, start: true });
    const followed = followRemote(`${server.url}/api/conversations/${id}`, signal);
    const events: Recorded[] = [];
    while (events.length < 8) events.push((await followed.next()).value as Recorded);
    const port = Number(new URL(server.url).port);
    await server.close();
    server = await home.serve(dramatis, { port });
    await until(() => server.served.scenes.isPlaying(id));
    while (events.length < 20) events.push((await followed.next()).value as Recorded);
    await command(id, { do: 'end' });
    for await (const event of followed) events.push(event);
    expect(events).toEqual(await kept(id));
    expect(events.at(-1)).toMatchObject({ kind: 'end', reason: 'human' });
  });

  it('that is not there is named in one line, with what the server says', async () => {
    const all = async (address: string) => {
      for await (const _ of followRemote(address, signal));
    };
    const gone = `${server.url}/api/conversations/abcdef`;
    const fails = { code: 'FETCH_FAILED', message: expect.stringContaining('404') };
    await expect(all(gone)).rejects.toMatchObject(fails);
    await expect(remoteEvents(gone, signal)).rejects.toMatchObject(fails);
    await expect(all(server.url)).rejects.toMatchObject({ code: 'USAGE' });
    const nobody = 'http://127.0.0.1:9/api/conversations/abcdef';
    await expect(all(nobody)).rejects.toMatchObject({
      code: 'FETCH_FAILED',
      message: 'http://127.0.0.1:9 does not answer',
    });
  });
});
