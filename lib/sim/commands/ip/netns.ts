import { strerror } from '../../base/index.ts';
import { nsidOf, setNsid } from '../../kernel/index.ts';
import { type Process, unshared, type Wait } from '../../os/index.ts';
import { NETNS_DIRECTORY, namedNamespaces } from '../iproute2/named-netns.ts';
import type { Session } from '../iproute2/session.ts';
import { invalid, parseInteger, Refusal, unsigned, type Words } from '../iproute2/words.ts';
import { NETNS_USAGE, usage } from './usage.ts';

/** `ip netns …` (ipnetns.c) */
export function* netns(session: Session, words: Words): Generator<Wait, number, void> {
  if (!words.more) return list(session);
  const [verb = '', name] = words.rest;
  if (!session.options.all && name !== undefined && !isNetnsName(name))
    throw new Refusal(`Invalid netns name "${name}"\n`, 255);
  if (words.abbreviates('list', 'show', 'lst')) return list(session);
  if (words.abbreviates('list-id')) return listIds(session, words);
  if (words.abbreviates('help')) throw new Refusal(NETNS_USAGE, 255);
  if (words.abbreviates('add')) return add(session, name);
  if (words.abbreviates('set')) return setId(session, words.rest.slice(1));
  if (words.abbreviates('delete')) return remove(session, name);
  if (words.abbreviates('identify')) return identify(session, words.rest.slice(1));
  if (words.abbreviates('pids')) return pids(session, words.rest.slice(1));
  if (words.abbreviates('exec')) return yield* exec(session, words.rest.slice(1));
  if (words.abbreviates('monitor')) throw new Refusal('ip: not simulated here: netns monitor\n', 64);
  if (words.abbreviates('attach')) return attach(session, words.rest.slice(1));
  throw new Refusal(`Command "${verb}" is unknown, try "ip netns help".\n`, 255);
}

const isNetnsName = (name: string): boolean =>
  name !== '' && name.length <= 255 && !name.includes('/') && name !== '.' && name !== '..';
const noName = (): Refusal => new Refusal('No netns name specified\n', 1);

function list(session: Session): number {
  const { out } = session;
  const names = namedNamespaces(session.node);
  out.begin();
  for (const name of names.list()) {
    const ns = names.get(name);
    const id = ns === undefined ? undefined : nsidOf(session.ns, ns);
    out.openObject();
    out.fact('name', name, name);
    if (id !== undefined) out.fact('id', id, ` (id: ${id})`);
    out.text('\n');
    out.close();
  }
  return 0;
}

function listIds(session: Session, words: Words): number {
  const { out } = session;
  const names = namedNamespaces(session.node);
  let wanted: number | undefined;
  for (words.next(); words.more; words.next()) {
    if (words.is('target-nsid')) throw new Refusal("ip: not simulated here: netns list-id 'target-nsid'\n", 64);
    if (!words.is('nsid')) throw usage(NETNS_USAGE);
    wanted = unsigned(words.value(), '"nsid" value is invalid');
  }
  const known = names
    .list()
    .map((name) => ({ name, id: nsidOf(session.ns, names.get(name) ?? session.ns) }))
    .filter(({ id }) => id !== undefined && (wanted === undefined || id === wanted))
    .sort((a, b) => (a.id ?? 0) - (b.id ?? 0));
  out.begin();
  for (const { name, id } of known) {
    out.openObject();
    out.fact('nsid', id ?? -1, `nsid ${id} `);
    out.fact('name', name, `(iproute2 netns name: ${name})`);
    out.text('\n');
    out.close();
  }
  return 0;
}

function add(session: Session, name: string | undefined): number {
  if (name === undefined) throw noName();
  const names = namedNamespaces(session.node);
  refuseTaken(session, name);
  names.bind(name, names.create().inode);
  return 0;
}

function refuseTaken(session: Session, name: string): void {
  if (namedNamespaces(session.node).inode(name) === undefined) return;
  throw new Refusal(`Cannot create namespace file "${NETNS_DIRECTORY}/${name}": File exists\n`, 1);
}

function attach(session: Session, [name, pidText]: readonly string[]): number {
  if (name === undefined || pidText === undefined) throw new Refusal('No netns name and PID specified\n', 1);
  const pid = parseInteger(pidText);
  if (pid === undefined || pid === 0) throw new Refusal(`Invalid PID: ${pidText}\n`, 1);
  refuseTaken(session, name);
  const path = `/proc/${pid}/ns/net`;
  const process = session.node.machine.processes.get(pid);
  if (process === undefined)
    throw new Refusal(`Bind ${path} -> ${NETNS_DIRECTORY}/${name} failed: No such file or directory\n`, 1);
  namedNamespaces(session.node).bind(name, process.netns);
  return 0;
}

function remove(session: Session, name: string | undefined): number {
  const names = namedNamespaces(session.node);
  if (session.options.all) {
    for (const each of names.list()) names.unbind(each);
    return 0;
  }
  if (name === undefined) throw noName();
  const removed = names.unbind(name);
  if (removed.ok) return 0;
  throw new Refusal(`Cannot remove namespace file "${NETNS_DIRECTORY}/${name}": ${strerror(removed.error.errno)}\n`, 1);
}

function setId(session: Session, [name, idText]: readonly string[]): number {
  if (name === undefined) throw noName();
  if (idText === undefined) throw new Refusal('No nsid specified\n', 1);
  const id = idText === 'auto' ? -1 : parseInteger(idText);
  if (id === undefined) throw invalid('Invalid "netnsid" value', idText);
  if (id < 0 && idText !== 'auto') throw invalid('"netnsid" value should be >= 0', idText);
  const ns = namedNamespaces(session.node).get(name);
  if (ns === undefined) throw cannotOpen(name);
  session.answer(setNsid(session.ns, ns, id));
  return 0;
}

export const cannotOpen = (name: string, status = 1): Refusal =>
  new Refusal(`Cannot open network namespace "${name}": No such file or directory\n`, status);

function identify(session: Session, [pidText, ...extra]: readonly string[]): number {
  if (extra.length > 0) throw new Refusal('extra arguments specified\n', 1);
  const pid = pidText === undefined ? session.process.pid : parseInteger(pidText);
  if (pid === undefined) throw new Refusal(`Specified string '${pidText}' is not a pid\n`, 1);
  const process = session.node.machine.processes.get(pid);
  if (process === undefined) throw new Refusal('Cannot open network namespace: No such file or directory\n', 1);
  const name = namedNamespaces(session.node).nameOf(process.netns);
  session.out.text(`${name ?? ''}\n`);
  return 0;
}

function pids(session: Session, [name, ...extra]: readonly string[]): number {
  if (name === undefined) throw noName();
  if (extra.length > 0) throw new Refusal('extra arguments specified\n', 1);
  const inode = namedNamespaces(session.node).inode(name);
  if (inode === undefined) throw new Refusal('Cannot open network namespace: No such file or directory\n', 1);
  const inside = [...session.node.machine.processes.values()].filter(
    (process) => process.netns === inode && process.state !== 'zombie',
  );
  for (const { pid } of inside.sort((a, b) => a.pid - b.pid)) session.out.text(`${pid}\n`);
  return 0;
}

function* exec(session: Session, argv: readonly string[]): Generator<Wait, number, void> {
  const names = namedNamespaces(session.node);
  if (session.options.all) {
    if (argv.length === 0) throw new Refusal('No command specified\n', 1);
    return yield* execEverywhere(session, argv);
  }
  const [name, ...command] = argv;
  if (name === undefined) throw noName();
  if (command.length === 0) throw new Refusal('No command specified\n', 1);
  const inode = names.inode(name);
  if (inode === undefined) throw cannotOpen(name, 255);
  yield* bindEtc(session.process, name);
  return yield* become(session.process, command, inode, (text) => new Refusal(text, 1));
}

/** bind_etc(): what lies in /etc/netns/NAME is seen in /etc in place of what is there. */
function* bindEtc(process: Process, name: string): Generator<Wait, void, void> {
  const { fs } = process.machine;
  const own = `/etc/netns/${name}`;
  const files = fs.readdir(own, process);
  if (!files.ok) return;
  const binds = new Map(process.namespaces.binds);
  for (const file of files.value) {
    const place = `/etc/${file}`;
    if (fs.stat(place, process).ok) binds.set(place, `${own}/${file}`);
    else yield* process.printError(`Bind ${own}/${file} -> ${place} failed: No such file or directory\n`);
  }
  process.namespaces = { ...process.namespaces, binds };
}

/** Runs the command in each namespace in turn, as a child. */
function* execEverywhere(session: Session, command: readonly string[]): Generator<Wait, number, void> {
  const { process } = session;
  const names = namedNamespaces(session.node);
  for (const name of names.list()) {
    yield* process.print(`\nnetns: ${name}\n`);
    const inode = names.inode(name);
    if (inode === undefined) continue;
    const [file = ''] = command;
    const found = process.resolve(file);
    if (!found.ok) {
      yield* process.printError(`exec of "${file}" failed: ${strerror(found.error.errno)}\n`);
      continue;
    }
    const argv = [...found.value.argvPrefix, ...command.slice(1)];
    const before = process.namespaces;
    yield* bindEtc(process, name);
    process.namespaces = remounted(process, inode);
    const child = process.spawn(found.value.program, { argv, netns: inode });
    process.namespaces = before;
    yield* process.wait(child);
  }
  return 0;
}

/** netns_switch(): mounts of its own, in which /sys is that of the network namespace. */
function remounted({ namespaces, machine }: Process, sysfs: number): Process['namespaces'] {
  return { ...unshared(namespaces, ['mnt'], () => machine.namespaceInode()), sysfs };
}

/** execvp(3) in this process, in another namespace: the process id stays. */
export function* become(
  process: Process,
  command: readonly string[],
  netnsInode: number,
  refuse: (text: string) => Error,
): Generator<Wait, number, void> {
  const [file = '', ...rest] = command;
  process.netns = netnsInode;
  process.namespaces = remounted(process, netnsInode);
  const found = process.resolve(file);
  if (!found.ok) throw refuse(`exec of "${file}" failed: ${strerror(found.error.errno)}\n`);
  const { program, argvPrefix } = found.value;
  process.argv = [...argvPrefix, ...rest];
  process.comm = (file.split('/').at(-1) ?? file).slice(0, 15);
  return yield* program(process);
}
