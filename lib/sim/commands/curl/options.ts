import type { OptionSpec } from '../command.ts';
import { missing as lacking, option } from '../coreutils.ts';

/** curl 7.88.1's options, of those that people use. */
export const OPTIONS: readonly OptionSpec[] = [
  option('-4 --ipv4', 'resolve names to IPv4 addresses'),
  option('-6 --ipv6', 'resolve names to IPv6 addresses'),
  option('-0 --http1.0', 'use HTTP 1.0'),
  option('--http1.1', 'use HTTP 1.1'),
  option('-A --user-agent', 'the User-Agent field', 'NAME'),
  option('-b --cookie', 'send cookies', 'DATA'),
  option('-d --data --data-ascii', 'data to post', 'DATA'),
  option('--data-raw', 'data to post, whatever it begins with', 'DATA'),
  option('--data-binary', 'data to post as it is', 'DATA'),
  option('--data-urlencode', 'data to post, URL encoded', 'DATA'),
  option('-D --dump-header', 'write the received heads to a file', 'FILE'),
  option('-e --referer', 'the Referer field', 'URL'),
  option('-f --fail', 'fail without output on HTTP errors'),
  option('-G --get', 'put the data into the URL'),
  option('-H --header', 'send a field', 'LINE'),
  option('-I --head', 'fetch the head only'),
  option('-i --include', 'print the received head as well'),
  option('-k --insecure', 'allow insecure connections'),
  option('-L --location', 'follow redirects'),
  option('--max-redirs', 'how many redirects to follow', 'N'),
  option('-m --max-time', 'seconds that a transfer may take', 'SECONDS'),
  option('--connect-timeout', 'seconds that connecting may take', 'SECONDS'),
  option('-N --no-buffer', 'write output at once'),
  option('--no-progress-meter', 'show no progress'),
  option('-o --output', 'write to a file', 'FILE'),
  option('-O --remote-name', 'write to a file named as the remote one'),
  option('-r --range', 'ask for a part', 'RANGE'),
  option('--compressed', 'ask for a compressed answer'),
  option('--resolve', 'an address for a name and port', 'HOST:PORT:ADDR'),
  option('--interface', 'use a device or an own address', 'NAME'),
  option('--local-port', 'use this local port', 'NUMBER'),
  option('--retry', 'try again so many times', 'N'),
  option('--retry-delay', 'seconds between two tries', 'SECONDS'),
  option('--retry-connrefused', 'try again where connections are refused'),
  option('--retry-all-errors', 'try again after any error'),
  option('-s --silent', 'print neither progress nor errors'),
  option('-S --show-error', 'print errors even so'),
  option('--noproxy', 'hosts without a proxy', 'LIST'),
  option('--path-as-is', 'leave dots in paths'),
  option('-T --upload-file', 'send a file', 'FILE'),
  option('-u --user', 'user and password', 'USER:PASSWORD'),
  option('--url', 'a URL', 'URL'),
  option('-v --verbose', 'say what happens'),
  option('-V --version', 'print the version'),
  option('-w --write-out', 'print this after a transfer', 'FORMAT'),
  option('-X --request', 'the request method', 'METHOD'),
  option('-h --help', 'print help', '[CATEGORY]'),
  option('-g --globoff', 'leave brackets and braces in URLs'),
  option('--no-keepalive', 'no keepalive probes'),
  option('--tcp-nodelay', 'send small segments at once'),
  lacking('-# --progress-bar', 'a bar as progress'),
  lacking('-c --cookie-jar', 'write cookies to a file', 'FILE'),
  lacking('-C --continue-at', 'go on from an offset', 'OFFSET'),
  lacking('-F --form', 'post a form', 'NAME=CONTENT'),
  lacking('-K --config', 'options from a file', 'FILE'),
  lacking('-x --proxy', 'use a proxy', 'HOST:PORT'),
  lacking('-z --time-cond', 'only what is newer', 'TIME'),
  lacking('-Z --parallel', 'several transfers at a time'),
  lacking('--connect-to', 'connect elsewhere', 'HOST1:PORT1:HOST2:PORT2'),
  lacking('--fail-with-body', 'fail on HTTP errors, with output'),
  lacking('--http2', 'use HTTP/2'),
  lacking('--json', 'post JSON', 'DATA'),
  lacking('--limit-rate', 'the highest speed', 'SPEED'),
  lacking('--socks5', 'use a SOCKS proxy', 'HOST:PORT'),
  lacking('--stderr', 'where errors go', 'FILE'),
  lacking('--trace', 'write a trace', 'FILE'),
  lacking('--trace-ascii', 'write a trace', 'FILE'),
  lacking('--unix-socket', 'connect to a socket file', 'PATH'),
  lacking('--retry-max-time', 'try again only so long', 'SECONDS'),
  lacking('--create-dirs', 'make the folders of the output'),
];

export type Given = { readonly flag: string; readonly value: string };

/** What is wrong with the command line; the exit status is 2. */
export class UsageError {
  constructor(readonly message: string) {}
}

export class NotHere {
  constructor(readonly what: string) {}
}

/** Options and URLs in their order; `flag` is an option's first spelling, `--no-x` of a switch is left out. */
export function readWords(words: readonly string[]): { given: Given[]; urls: string[] } {
  const given: Given[] = [];
  const urls: string[] = [];
  let operandsOnly = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    const take = (shown: string): string => {
      const value = words[++i];
      if (value === undefined) throw new UsageError(`option ${shown}: requires parameter`);
      return value;
    };
    if (operandsOnly || !word.startsWith('-') || word === '-') urls.push(word);
    else if (word === '--') operandsOnly = true;
    else if (word.startsWith('--')) readLong(word, given, take);
    else readLetters(word, given, take);
  }
  return { given, urls };
}

function readLong(word: string, given: Given[], take: (shown: string) => string): void {
  const off = /^--no-(?!buffer|progress-meter|keepalive)/.test(word);
  const found = byName(off ? `--${word.slice(5)}` : word, word);
  if (!found.simulated) throw new NotHere(word);
  if (off && found.value !== undefined)
    throw new UsageError(`option ${word}: used '--no-' for option that isn't a boolean`);
  const takes = found.value !== undefined && !found.value.startsWith('[');
  const value = takes ? take(word) : '';
  if (!off) given.push({ flag: found.flags[0] as string, value });
}

/** Any beginning of a long option's name that only one has. */
function byName(name: string, word: string): OptionSpec {
  const all = OPTIONS.filter(({ flags }) => flags.some((flag) => flag.startsWith(name)));
  const exact = all.find(({ flags }) => flags.includes(name));
  const [first] = all;
  if (first === undefined) throw new UsageError(`option ${word}: is unknown`);
  if (exact === undefined && all.length > 1) throw new UsageError(`option ${word}: is ambiguous`);
  return exact ?? first;
}

function readLetters(word: string, given: Given[], take: (shown: string) => string): void {
  let missing: string | undefined;
  for (let k = 1; k < word.length; k++) {
    const found = OPTIONS.find(({ flags }) => flags.includes(`-${word[k]}`));
    if (found === undefined) throw new UsageError(`option ${word}: is unknown`);
    missing ??= found.simulated ? undefined : `-${word[k]}`;
    const flag = found.flags[0] as string;
    if (found.value === undefined || found.value.startsWith('[')) {
      given.push({ flag, value: '' });
      continue;
    }
    const joined = word.slice(k + 1);
    given.push({ flag, value: joined === '' ? take(word) : joined });
    break;
  }
  if (missing !== undefined) throw new NotHere(missing);
}
