import type { Argv } from 'yargs';
import { parseRpcAddresses } from '../../engine/rpc/rpc-address.ts';
import { UsageError } from '../failure.ts';

/** The options of a command whose model may lie on several machines. */
export const rpcOptions = <T>(yargs: Argv<T>) =>
  trustOption(yargs)
    .option('rpc', {
      type: 'string',
      requiresArg: true,
      coerce: (given: string | undefined) =>
        given === undefined ? undefined : parseRpcAddresses(given),
      describe: 'Put layers on these servers, too: host:port,… of "dramatis rpc serve"',
    })
    .check(({ rpc, gpu, offline }) => {
      if (rpc === undefined) return true;
      if (offline === true)
        throw new UsageError(
          '--offline opens no socket, and --rpc needs one: leave one of them out',
        );
      if (gpu === 0)
        throw new UsageError('--gpu 0 leaves no layer to the servers of --rpc: leave it out');
      return true;
    });

/** Whether machines beyond this one are trusted. */
export const trustOption = <T>(yargs: Argv<T>) =>
  yargs.option('trust-network', {
    type: 'boolean',
    default: false,
    describe: 'Use RPC beyond this machine: it has neither passwords nor encryption',
  });
