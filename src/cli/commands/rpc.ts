import type { Argv } from 'yargs';
import { defineCommand, defineGroup } from '../define-command.ts';
import { computeOptions, wholeFrom } from '../options/model-options.ts';
import { trustOption } from '../options/rpc-options.ts';

const options = (yargs: Argv) =>
  trustOption(computeOptions(yargs))
    .hide('offline')
    .hide('accept-licence')
    .option('host', {
      type: 'string',
      default: '127.0.0.1',
      requiresArg: true,
      describe: 'Address to listen on; one that others can reach needs --trust-network',
    })
    .option('port', {
      type: 'string',
      default: 50_052,
      requiresArg: true,
      coerce: wholeFrom('--port', 0, 65_535),
      describe: 'Port to listen on; 0: any that is free',
    })
    .option('device', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'A device to lend, as "dramatis doctor" names it; by default all GPUs, or the CPU',
    })
    .option('parent', {
      type: 'string',
      requiresArg: true,
      coerce: wholeFrom('--parent', 1, 2 ** 31),
      describe: 'End when the process of this id has ended',
    })
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'Print the address as an object',
    })
    .example('$0 rpc serve', 'Lend this machine to one client at a time, on this machine alone')
    .example('$0 rpc serve --port 0 --threads 1 --json', 'On any free port, for a script')
    .example('$0 rpc serve --host 10.1.2.3 --trust-network', 'To others of a closed network')
    .example('$0 chat hamlet --rpc 127.0.0.1:50052', 'The client, which has the model’s file');

const serve = defineCommand({
  command: 'serve',
  describe: 'Lend the devices of this machine to a model that another process has opened',
  builder: options,
  async handler({ device, port, ...given }) {
    const { runRpcServe } = await import('./run-rpc-serve.ts');
    await runRpcServe({ ...given, devices: device, port: port ?? 0 });
  },
});

export const rpc = defineGroup({
  name: 'rpc',
  describe: 'A model over several machines: lend this one to another',
  commands: [serve],
});
