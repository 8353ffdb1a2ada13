/** One of socat's two addresses: `TCP-LISTEN:80,fork,reuseaddr`. */
export type SocatAddress = {
  /** As socat's manual page calls it; `-` is STDIO, a path GOPEN. */
  readonly type: string;
  readonly parameters: readonly string[];
  readonly options: ReadonlyMap<string, string | undefined>;
};

/** Other names of types. */
const TYPES: Readonly<Record<string, string>> = {
  '-': 'STDIO',
  TCP: 'TCP-CONNECT',
  'TCP-L': 'TCP-LISTEN',
  TCP4: 'TCP4-CONNECT',
  'TCP4-L': 'TCP4-LISTEN',
  TCP6: 'TCP6-CONNECT',
  'TCP6-L': 'TCP6-LISTEN',
  UDP: 'UDP-CONNECT',
  'UDP-L': 'UDP-LISTEN',
  UDP4: 'UDP4-CONNECT',
  'UDP4-L': 'UDP4-LISTEN',
  UDP6: 'UDP6-CONNECT',
  'UDP6-L': 'UDP6-LISTEN',
  FILE: 'OPEN',
  CREAT: 'CREATE',
  SHELL: 'SYSTEM',
};

/** How many parameters each simulated type has. */
export const PARAMETERS: Readonly<Record<string, number>> = {
  STDIO: 0,
  STDIN: 0,
  STDOUT: 0,
  STDERR: 0,
  OPEN: 1,
  GOPEN: 1,
  CREATE: 1,
  EXEC: 1,
  SYSTEM: 1,
  ...Object.fromEntries(
    ['TCP', 'TCP4', 'TCP6', 'UDP', 'UDP4', 'UDP6'].flatMap((name) => [
      [`${name}-CONNECT`, 2],
      [`${name}-LISTEN`, 1],
      [`${name}-SENDTO`, 2],
      [`${name}-RECVFROM`, 1],
      [`${name}-RECV`, 1],
    ]),
  ),
};

/** Types that the real socat has and that are not simulated. */
export const ABSENT =
  /^(UNIX|ABSTRACT|OPENSSL|SSL|SOCKS|PROXY|PTY|PIPE|FIFO|TUN|INTERFACE|IP[46]?-|SCTP|VSOCK|READLINE|FD$|DTLS|POSIXMQ|SOCKET)/;

/** Options that change nothing that can be seen here, or are obeyed. */
export const KNOWN_OPTIONS = new Set(
  'fork reuseaddr reuseport bind sourceport sp backlog max-children crlf crnl cr broadcast ipv6only ipv6-v6only ttl tos so-bindtodevice bindtodevice if pf connect-timeout retry interval forever keepalive nodelay create creat trunc append rdonly wronly rdwr ignoreeof shut-none shut-down null-eof pty raw echo stderr setsid ctty nofork pipes end-close cloexec su user'.split(
    ' ',
  ),
);

/** Cuts at commas for options and at colons for parameters; brackets and quotes hold together. */
export function parseAddress(text: string): SocatAddress {
  const [head = '', ...optionTexts] = cut(text, ',');
  const [name = '', ...parameters] = cut(head, ':');
  const upper = name.toUpperCase();
  const options = new Map(
    optionTexts.map((option) => {
      const equals = option.indexOf('=');
      return equals === -1
        ? ([option.toLowerCase(), undefined] as const)
        : ([option.slice(0, equals).toLowerCase(), unquote(option.slice(equals + 1))] as const);
    }),
  );
  // A name with a slash is a path.
  if (name.includes('/')) return { type: 'GOPEN', parameters: [head], options };
  const type = Object.hasOwn(TYPES, upper) ? (TYPES[upper] as string) : upper;
  const isCommand = type === 'EXEC' || type === 'SYSTEM';
  return { type, parameters: isCommand ? [unquote(parameters.join(':'))] : parameters.map(unquote), options };
}

function cut(text: string, separator: string): string[] {
  const parts = [''];
  let quote = '';
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (c === '\\' && i + 1 < text.length) {
      parts[parts.length - 1] += c + text[++i];
      continue;
    }
    if (quote !== '') {
      if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '[') depth++;
    else if (c === ']') depth--;
    if (c === separator && quote === '' && depth === 0) parts.push('');
    else parts[parts.length - 1] += c;
  }
  return parts;
}

const unquote = (text: string): string =>
  text.replace(/\\(.)|(["'])(.*?)\2/g, (_, escaped, quote, inner) => (quote === undefined ? escaped : inner));
