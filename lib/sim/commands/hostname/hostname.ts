import { decodeText, type Process, type Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, missing, option, program } from '../coreutils.ts';
import { getopt } from '../getopt.ts';

/** hostname of Debian's package of that name. */
export const hostname: CommandSpec = {
  ...program('hostname', "show or set the system's host name", [
    option('-s --short', 'short host name'),
    option('-f --fqdn --long', 'long host name (FQDN)'),
    option('-d --domain', 'DNS domain name'),
    option('-F --file', 'read host name from given file', 'FILE'),
    option('-i --ip-address', 'addresses for the host name'),
    missing('-I --all-ip-addresses', 'all addresses for the host'),
    missing('-a --alias', 'alias names'),
    missing('-A --all-fqdns', 'all long host names (FQDNs)'),
    missing('-y --yp --nis', 'NIS/YP domain name'),
  ]),
  run,
};

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, hostname, {
    usage: 'Usage: hostname [-b] {hostname|-F file}         set host name (from file)',
  });
  if (typeof parsed === 'number') return parsed;
  const { machine } = process;
  const file = parsed.value('-F');
  const content = file === undefined ? undefined : machine.fs.readFile(process.path(file), process);
  if (content?.ok === false) return yield* failure(process, 'hostname', `can't open \`${file}'`);
  const wanted = content?.ok === true ? decodeText(content.value).trim() : parsed.operands[0];
  if (wanted !== undefined) {
    if (!/^[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?$/.test(wanted))
      return yield* failure(process, 'hostname', 'the specified hostname is invalid');
    process.namespaces.uts.hostname = wanted;
    return 0;
  }
  if (parsed.has('-i')) return yield* printAddress(process);
  const name = process.namespaces.uts.hostname;
  const dot = name.indexOf('.');
  const text = parsed.has('-d')
    ? dot === -1
      ? ''
      : name.slice(dot + 1)
    : parsed.has('-s') && dot !== -1
      ? name.slice(0, dot)
      : name;
  yield* process.print(parsed.has('-d') && text === '' ? '' : `${text}\n`);
  return 0;
}

function* printAddress(process: Process): Generator<Wait, number, void> {
  const hosts = process.machine.fs.readFile('/etc/hosts', process);
  const lines = hosts.ok ? decodeText(hosts.value).split('\n') : [];
  const line = lines
    .map((one) => one.replace(/#.*/, '').trim().split(/\s+/))
    .find(([, ...names]) => names.includes(process.namespaces.uts.hostname));
  if (line === undefined) return yield* failure(process, 'hostname', 'Name or service not known');
  yield* process.print(`${line[0]}\n`);
  return 0;
}
