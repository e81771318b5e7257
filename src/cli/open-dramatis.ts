import type { Gpu, Threads } from '../engine/compute.ts';
import type { RpcAddress } from '../engine/rpc/rpc-address.ts';
import { Dramatis } from '../workspace/dramatis.ts';
import type { WorkspaceEvent } from '../workspace/workspace.ts';

/** What the options of a command say about the workspace that it runs in. */
export interface WorkspaceOptions {
  readonly offline?: boolean | undefined;
  readonly acceptLicence?: boolean | undefined;
  readonly threads?: Threads | undefined;
  readonly gpu?: Gpu | undefined;
  /** Servers that compute beside this machine. */
  readonly rpc?: readonly RpcAddress[] | undefined;
  readonly trustNetwork?: boolean | undefined;
}

/** The workspace of one command. */
export function openDramatis(
  { offline, acceptLicence, threads, gpu, rpc, trustNetwork }: WorkspaceOptions = {},
  report: (event: WorkspaceEvent) => void = () => {},
): Promise<Dramatis> {
  return Dramatis.open({
    hub: { offline, acceptLicence },
    compute: {
      ...(threads !== undefined && { threads }),
      ...(gpu !== undefined && { gpu }),
      ...(rpc !== undefined && { rpc: { servers: rpc, trustsNetwork: trustNetwork } }),
    },
    report,
  });
}
