import type { Argv } from 'yargs';
import { demoLimits } from '../../server/demo/demo-limits.ts';
import { defineCommand } from '../define-command.ts';
import { computeOptions, modelOption, wholeFrom } from '../options/model-options.ts';
import { rpcOptions } from '../options/rpc-options.ts';
import { defaultPort } from '../serve/default-port.ts';

const { perMinute, perHour, characters, tokens, window, waiting, turnMs, sessionBytes } =
  demoLimits;

const demoText = `A demo lets ${perMinute} turns a minute and ${perHour} an hour in from one address, of ${characters} characters each; one is spoken at a time, of ${tokens} tokens and ${turnMs / 1000} seconds at most, in a window of ${window} tokens, and ${waiting} wait. Conversations are held in memory alone, ${sessionBytes / 1e6} MB of them. Without --trust-proxy all who come through a proxy are one address.`;

const serveOptions = (yargs: Argv) =>
  modelOption(rpcOptions(computeOptions(yargs)))
    .option('host', {
      type: 'string',
      default: '127.0.0.1',
      requiresArg: true,
      describe: 'Address to listen on; one that others can reach needs --api-key-file',
    })
    .option('port', {
      type: 'string',
      defaultDescription: String(defaultPort),
      requiresArg: true,
      coerce: wholeFrom('--port', 0, 65_535),
      describe: 'Port to listen on; 0: any that is free',
    })
    .option('open', {
      type: 'boolean',
      default: false,
      describe: 'Open the page in the browser',
    })
    .option('play', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'File of a play that is served beside those of the catalogue',
    })
    .option('slots', {
      type: 'string',
      requiresArg: true,
      coerce: wholeFrom('--slots', 1, 128),
      defaultDescription: '12',
      describe: 'Speakers that are held at once, in all scenes and chats',
    })
    .option('context', {
      type: 'string',
      requiresArg: true,
      coerce: wholeFrom('--context', 1, 2 ** 24),
      describe: 'Window in tokens of each speaker',
    })
    .option('allow-host', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'Another name under which the server may be asked for',
    })
    .option('allow-origin', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'Site whose pages may ask, such as https://example.org',
    })
    .option('api-key-file', {
      type: 'string',
      requiresArg: true,
      describe: 'File with a key on each line; every request must have one of them',
    })
    .option('unsafe-no-key', {
      type: 'boolean',
      default: false,
      describe: 'Let anybody do everything who can reach --host',
    })
    .option('demo', {
      type: 'boolean',
      default: false,
      describe: 'For strangers: a page to talk on and nothing else, within limits; nothing is kept',
    })
    .option('trust-proxy', {
      type: 'boolean',
      default: false,
      describe: 'With --demo: the proxy before the server says whose address asks',
    })
    .option('allow-frame', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'With --demo: site whose pages may show the page in a frame',
    })
    .option('metrics-port', {
      type: 'string',
      requiresArg: true,
      coerce: wholeFrom('--metrics-port', 0, 65_535),
      describe: 'With --demo: port of 127.0.0.1 for what is counted',
    })
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'A line of JSON for the address, and for each request when it is over',
    })
    .option('log-prompts', {
      type: 'boolean',
      default: false,
      describe: 'With --json: also what was asked, in which people’s words stand',
    })
    .example('$0 serve --open', 'The page, in the browser')
    .example('$0 serve --port 8080 --model smollm2-135m', '')
    .example('$0 serve --host 0.0.0.0 --api-key-file keys.txt', 'For others, who have a key')
    .example(
      '$0 serve --demo --host 0.0.0.0 --allow-host demo.example.org --trust-proxy',
      'For strangers, behind a proxy',
    )
    .epilogue(demoText);

export const serve = defineCommand({
  command: 'serve',
  describe: 'The page, and characters as models for any client of OpenAI’s API',
  builder: serveOptions,
  async handler(given) {
    const request = { ...given, plays: given.play, window: given.context };
    if (given.demo) {
      const { runServeDemo } = await import('../serve/run-serve-demo.ts');
      await runServeDemo(request);
    } else {
      const { runServe } = await import('../serve/run-serve.ts');
      await runServe(request);
    }
  },
});
