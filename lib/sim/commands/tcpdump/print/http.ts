import type { Dissection } from './dissection.ts';

/** HTTP's port, and those of its proxies, by which tcpdump takes it for HTTP. */
const PORTS = new Set([80, 8080, 3128]);

const METHODS = new Set(
  'GET PUT COPY HEAD LOCK MOVE POLL POST BCOPY BMOVE MKCOL TRACE LABEL MERGE DELETE SEARCH UNLOCK REPORT UPDATE NOTIFY BDELETE CONNECT OPTIONS CHECKIN PROPFIND CHECKOUT CCM_POST SUBSCRIBE PROPPATCH BPROPFIND BPROPPATCH UNCHECKOUT MKACTIVITY MKWORKSPACE UNSUBSCRIBE RPC_CONNECT VERSION-CONTROL BASELINE-CONTROL'.split(
    ' ',
  ),
);

export const isHttp = (source: number, destination: number): boolean => PORTS.has(source) || PORTS.has(destination);

/** txtproto_print() of print-ascii.c: a request or response by its first line, or with -v by its head. */
export function printHttp(d: Dissection, at: number, length: number): void {
  d.protocol = 'http';
  d.print(': HTTP');
  const available = d.available(at, length);
  const text = String.fromCharCode(...d.slice(at, Math.min(available, 4096)));
  const [first = '', second = ''] = text.split(/[ \t\r\n]+/);
  if (!METHODS.has(first) && !/^\d{3}$/.test(second)) return;
  if (d.options.verbose === 0) {
    const [line] = lineOf(text);
    return d.print(`: ${line}`);
  }
  d.print(`, length: ${length}`);
  for (let rest = text; rest !== ''; ) {
    const [line, ended] = lineOf(rest);
    d.print(`\n\t${line}`);
    if (!ended) return d.truncated();
    rest = rest.slice(rest.indexOf('\n') + 1);
  }
}

/** A line without its end, as far as it can be printed; whether it had an end. */
function lineOf(text: string): [line: string, ended: boolean] {
  const found = /^[\t\x20-\x7e]*/.exec(text)?.[0] ?? '';
  const end = text.slice(found.length);
  return [found, end.startsWith('\n') || end.startsWith('\r\n')];
}
