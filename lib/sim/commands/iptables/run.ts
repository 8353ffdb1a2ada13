import { Ip } from '../../base/index.ts';
import type { Family, NetNs } from '../../kernel/index.ts';
import { ipSetsOf } from '../../kernel/ipset/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { lookUpService, reverseHost, serviceName } from '../names.ts';
import type { Names } from './extension.ts';
import { XtablesError } from './refusal.ts';

export const VERSION = 'v1.8.9 (nf_tables)';

export const namespaceOf = (process: Process, node: Node): NetNs =>
  node.kernel.netns(process.netns) ?? node.kernel.init;

export const namesOf = (process: Process, ns: NetNs): Names => ({
  numeric: false,
  service: (name) => lookUpService(process, name)?.port,
  ipSet: (name) => ipSetsOf(ns).get(name),
  serviceName: (port, protocol) => serviceName(process, port, protocol),
  hostName: (address) => {
    const ip = Ip.parse(address);
    return ip === undefined ? undefined : reverseHost(process, ip);
  },
});

/** Family and the beginning of what is printed, by the name that the tool was called by. */
export function toolOf(process: Process): { tool: string; family: Family } {
  const tool =
    (process.argv[0] ?? 'iptables')
      .split('/')
      .at(-1)
      ?.replace(/-(nft|legacy)(?=-|$)/, '') ?? 'iptables';
  return { tool, family: tool.startsWith('ip6') ? 6 : 4 };
}

/** What a refusal prints. `line`: of iptables-restore's input. */
export function refusalText(error: XtablesError, tool: string, line?: number): string {
  const head = error.prefix === 'program' ? `${tool} ${VERSION}: ` : error.prefix === 'plain' ? `${tool}: ` : '';
  const end = error.message.endsWith('\n') && !error.hint ? '' : '\n';
  // A bare message has its line's end already.
  const body = error.prefix === 'bare' ? error.message : `${error.message}${end}`;
  const where = line === undefined || !error.hint ? '' : `Error occurred at line: ${line}\n`;
  return `${head}${body}${where}${error.hint ? `Try \`${tool} -h' or '${tool} --help' for more information.\n` : ''}`;
}

/** Runs `work`, prints what it gives or why it refused. */
export function* speaking(process: Process, tool: string, work: () => string): Generator<Wait, number, void> {
  try {
    const text = work();
    if (text !== '') yield* process.print(text);
    return 0;
  } catch (error) {
    if (!(error instanceof XtablesError)) throw error;
    yield* process.printError(refusalText(error, tool));
    return error.status;
  }
}
