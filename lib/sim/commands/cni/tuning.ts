import {
  getLink,
  IFF,
  type LinkChange,
  type LinkMessage,
  type NetNs,
  readSysctl,
  writeSysctl,
} from '../../kernel/index.ts';
import { decodeText, type Process } from '../../os/index.ts';
import { readArguments } from './arguments.ts';
import { load, netConf } from './config.ts';
import { CniError, GoPanic, trying } from './error.ts';
import { makeFolders } from './folders.ts';
import { errnoText, pathError, quote } from './go-text.ts';
import { bool, type Decoded, decode, int, map, optional, string, struct } from './json/decode.ts';
import { JsonError } from './json/parse.ts';
import { printJson } from './json/print.ts';
import { change, changeOr, findLink, macOf, parseHardwareAddress } from './links.ts';
import { openNamespace } from './namespace.ts';
import { type Call, cniPlugin } from './plugin.ts';
import { type AnyResult, previousResult, printResult, toCurrent } from './result.ts';
import { requirePrevious } from './verify.ts';

const configuration = struct('TuningConf', {
  ...netConf,
  dataDir: string,
  sysctl: map(string),
  mac: string,
  promisc: bool,
  mtu: int,
  allmulti: optional(bool),
  runtimeConfig: struct('', { mac: string }),
  args: optional(
    struct('', {
      cni: optional(
        struct('IPAMArgs', {
          sysctl: optional(map(string)),
          mac: optional(string),
          promisc: optional(bool),
          mtu: optional(int),
          allmulti: optional(bool),
        }),
      ),
    }),
  ),
});

/** What the device had before, in a file of the container. */
const saved = struct('configToRestore', {
  mac: string,
  promisc: optional(bool),
  mtu: int,
  allmulti: optional(bool),
});
type Saved = Decoded<typeof saved>;

/** Changes a container's device and its sysctls behind the plugin that made it. */
export const tuning = cniPlugin({
  name: 'tuning',
  summary: 'CNI plugin: sysctls of a container, and address, MTU and modes of its device',
  keys: [
    ['sysctl', 'values by name, below net; IFNAME stands for the device'],
    ['mac', 'MAC address, also as runtimeConfig.mac and MAC in CNI_ARGS'],
    ['mtu', 'MTU'],
    ['promisc', 'promiscuous mode'],
    ['allmulti', 'all-multicast mode'],
    ['dataDir', 'where files say how it was before (/run/cni/tuning)'],
  ],
  add(call) {
    const conf = read(call);
    const previous = previousResult(conf);
    if (previous === undefined) throw new CniError('Required prevResult missing');
    const ns = openNamespace(call);
    for (const [key, value] of conf.sysctl) writeKey(ns, key.replace('IFNAME', call.ifName), value);
    return printResult(tuneDevice(call, ns, conf, previous), conf.cniVersion);
  },
  check(call) {
    const conf = read(call);
    requirePrevious(conf);
    verify(call, openNamespace(call), conf);
    return undefined;
  },
  del(call) {
    const conf = read(call);
    try {
      restore(call, openNamespace(call), conf);
    } catch (error) {
      // Nobody looks whether it works.
      if (!(error instanceof CniError)) throw error;
    }
    return undefined;
  },
});

type TuningConfig = ReturnType<typeof read>;

function read({ input, args }: Call) {
  const conf = load(configuration, input, 'failed to load netconf');
  const given = readArguments(args, ['MAC']).get('MAC') ?? '';
  const asked = conf.args?.cni;
  if (conf.sysctl === undefined && (asked?.sysctl?.size ?? 0) > 0) throw new GoPanic('assignment to entry in nil map');
  const mac = [conf.runtimeConfig.mac, given, conf.mac].find((one) => one !== '') ?? '';
  return {
    ...conf,
    dataDir: conf.dataDir === '' ? '/run/cni/tuning' : conf.dataDir,
    sysctl: new Map([...(conf.sysctl ?? []), ...(asked?.sysctl ?? [])]),
    mac: asked?.mac ?? mac,
    promisc: asked?.promisc ?? conf.promisc,
    mtu: asked?.mtu ?? conf.mtu,
    allmulti: asked?.allmulti ?? conf.allmulti,
  };
}

const fileOf = (key: string): string => `/proc/sys/${key.replaceAll('.', '/')}`;

function writeKey(ns: NetNs, key: string, value: string): void {
  const file = fileOf(key);
  if (!file.startsWith('/proc/sys/net/')) throw new CniError(`invalid net sysctl key: ${quote(key)}`);
  const set = writeSysctl(ns, file.slice('/proc/sys/'.length), value);
  if (set.ok) return;
  const { errno } = set.error;
  throw new CniError(pathError(errno === 'EINVAL' ? 'write' : 'open', file, errno));
}

/** The result, with the new MAC address in it. */
function tuneDevice(call: Call, ns: NetNs, conf: TuningConfig, previous: AnyResult): AnyResult {
  const { ifName } = call;
  const { mac, promisc, mtu, allmulti } = conf;
  if (mac === '' && mtu === 0 && !promisc && allmulti === undefined) return previous;
  saveDevice(call, findLink(ns, ifName, `failed to get ${quote(ifName)}`), conf);
  let result = previous;
  if (mac !== '') {
    changeDevice(ns, ifName, { mac: trying(`invalid args ${mac} for MAC addr`, () => parseHardwareAddress(mac)) });
    const current = toCurrent(previous);
    for (const one of current.interfaces) if (one.name === ifName) one.mac = mac;
    result = current;
  }
  if (promisc) changeDevice(ns, ifName, { promisc: true });
  if (mtu !== 0) changeDevice(ns, ifName, { mtu });
  if (allmulti !== undefined) changeDevice(ns, ifName, { allmulticast: allmulti });
  return result;
}

const changeDevice = (ns: NetNs, name: string, settings: LinkChange): void =>
  change(ns, findLink(ns, name, `failed to get ${quote(name)}`), settings);

const isAllmulti = ({ flags }: LinkMessage): boolean => (flags & IFF.ALLMULTI) !== 0;

const savedFile = ({ process, containerId, ifName }: Call, dataDir: string): string =>
  process.path(`${dataDir}/${containerId}_${ifName}.json`);

function saveDevice(call: Call, link: LinkMessage, { dataDir, mac, promisc, mtu, allmulti }: TuningConfig): void {
  const { fs } = call.process.machine;
  trying('failed to create backup directory', () => makeFolders(fs, call.process.path(dataDir), 0o600));
  const before = {
    ...(mac === '' ? {} : { mac: macOf(link) }),
    ...(promisc ? { promisc: link.promiscuity !== 0 } : {}),
    ...(mtu === 0 ? {} : { mtu: link.mtu }),
    ...(allmulti === undefined ? {} : { allmulti: isAllmulti(link) }),
  };
  const written = fs.writeFile(savedFile(call, dataDir), printJson(before, ' '), { mode: 0o600 });
  if (written.ok) return;
  const file = `${dataDir}/${call.containerId}_${call.ifName}.json`;
  throw new CniError(`failed to save file ${call.ifName}.json: ${pathError('open', file, written.error.errno)}`);
}

function restore(call: Call, ns: NetNs, { dataDir }: TuningConfig): void {
  const file = savedFile(call, dataDir);
  const before = readSaved(call.process, file);
  if (before === undefined || getLink(ns, call.ifName) === undefined) return;
  const { mac, mtu, promisc, allmulti } = before;
  const steps: LinkChange[] = [
    ...(mtu === 0 ? [] : [{ mtu }]),
    ...(mac === '' ? [] : [{ mac: parseHardwareAddress(mac) }]),
    ...(promisc === undefined ? [] : [{ promisc }]),
    ...(allmulti === undefined ? [] : [{ allmulticast: allmulti }]),
  ];
  const link = findLink(ns, call.ifName);
  for (const step of steps) changeOr('failed to restore', ns, link, step);
  call.process.machine.fs.unlink(file);
}

function readSaved(process: Process, file: string): Saved | undefined {
  const content = process.machine.fs.readFile(file, process);
  if (!content.ok) return undefined;
  try {
    return decode(saved, decodeText(content.value));
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}

function verify({ ifName }: Call, ns: NetNs, { sysctl, mac, promisc, mtu, allmulti }: TuningConfig): void {
  for (const [key, wanted] of sysctl) verifyKey(ns, fileOf(key), wanted);
  const link = getLink(ns, ifName);
  if (link === undefined) throw new CniError(`Cannot find container link ${ifName}`);
  if (mac !== '' && mac !== macOf(link))
    throw new CniError(`Error: Tuning configured Ethernet of ${ifName} is ${mac}, current value is ${macOf(link)}`);
  if (promisc !== (link.promiscuity !== 0))
    throw new CniError(
      `Error: Tuning link ${ifName} configured promisc is ${promisc}, current value is ${link.promiscuity}`,
    );
  if (mtu !== 0 && mtu !== link.mtu)
    throw new CniError(`Error: Tuning configured MTU of ${ifName} is ${mtu}, current value is ${link.mtu}`);
  if (allmulti !== undefined && allmulti !== isAllmulti(link))
    // The real plugin prints where in its memory the wanted value stands.
    throw new CniError(
      `Error: Tuning configured all-multicast mode of ${ifName} is 0xc000014a18, current value is ${isAllmulti(link)}`,
    );
}

function verifyKey(ns: NetNs, file: string, wanted: string): void {
  const now = readSysctl(ns, file.slice('/proc/sys/'.length));
  if (!now.ok) throw new CniError(`open ${file}: ${errnoText(now.error.errno)}`);
  const value = now.value.replace(/\n$/, '');
  if (value !== wanted)
    throw new CniError(`Error: Tuning configured value of ${file} is ${wanted}, current value is ${value}`);
}
