/** The C library that a system has. */
interface Libc {
  readonly family: 'glibc' | 'musl';
  /** Such as "2.36"; undefined where it is not known. */
  readonly version: string | undefined;
}

/** What decides which compiled files run on a system. */
export interface Machine {
  /** The operating system, as `process.platform` names it. */
  readonly platform: string;
  /** The kind of processor, as `process.arch` names it. */
  readonly arch: string;
  /** Undefined elsewhere than on Linux. */
  readonly libc: Libc | undefined;
}

interface ReportHeader {
  readonly glibcVersionRuntime?: string;
}

/** This system; some 10 ms, and no process is started for it. */
export function machineHere(): Machine {
  const { platform, arch } = process;
  return { platform, arch, libc: platform === 'linux' ? libcHere() : undefined };
}

function libcHere(): Libc {
  const report: typeof process.report & { excludeNetwork?: boolean } = process.report;
  // Its list of network interfaces asks for the names of addresses, which may take seconds; it is not wanted here.
  const before = report.excludeNetwork ?? false;
  report.excludeNetwork = true;
  const { header } = report.getReport() as { readonly header: ReportHeader };
  report.excludeNetwork = before;
  const version = header.glibcVersionRuntime;
  return version === undefined
    ? { family: 'musl', version: undefined }
    : { family: 'glibc', version };
}

/** What a system is called, such as "linux-x64", "linux-x64-musl" or "darwin-arm64". */
export function platformName({ platform, arch, libc }: Machine): string {
  return `${platform}-${arch}${libc?.family === 'musl' ? '-musl' : ''}`;
}

/** For a message, such as "linux x64 with glibc 2.36". */
export function describeMachine({ platform, arch, libc }: Machine): string {
  const library = libc ? ` with ${libc.family}${libc.version ? ` ${libc.version}` : ''}` : '';
  return `${platform} ${arch}${library}`;
}
