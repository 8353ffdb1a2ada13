/** The parts of an http URL, as a client needs them. */
export type Url = {
  readonly scheme: string;
  /** Name or number, an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number;
  /** With query, without fragment; begins with a slash. */
  readonly path: string;
  readonly user: string | undefined;
};

const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443, ftp: 21 };

/** Reads a URL, whose scheme may be missing; undefined: it is none. */
export function parseUrl(text: string): Url | undefined {
  // Blanks and control characters have to be written as %XX.
  if (/[\0-\x20\x7f]/.test(text)) return undefined;
  const found = /^(?:([a-z][a-z0-9+.-]*):\/{1,3})?([^/?#]*)([^#]*)/i.exec(text);
  const [, scheme = 'http', authority = '', rest = ''] = found ?? [];
  const at = authority.lastIndexOf('@');
  const parts = /^(\[[0-9a-fA-F:.%a-z]+\]|[^:[\]]*)(?::(\d*))?$/.exec(authority.slice(at + 1));
  if (parts === null || parts[1] === '') return undefined;
  const port = parts[2] === undefined || parts[2] === '' ? PORTS[scheme.toLowerCase()] : Number(parts[2]);
  if (port !== undefined && port > 65_535) return undefined;
  return {
    scheme: scheme.toLowerCase(),
    host: (parts[1] as string).replace(/^\[|\]$/g, ''),
    port: port ?? 0,
    path: rest.startsWith('/') ? dotless(rest) : `/${rest}`,
    user: at < 0 ? undefined : decodeURIComponentSafe(authority.slice(0, at)),
  };
}

/** RFC 3986 section 5.2.4: `.` and `..` are taken out of the path. */
function dotless(path: string): string {
  const [name = '', query] = path.split(/(\?.*)/s);
  const kept: string[] = [];
  const parts = name.split('/').slice(1);
  parts.forEach((part, i) => {
    const last = i === parts.length - 1;
    if (part === '..') kept.pop();
    else if (part !== '.') kept.push(part);
    if (last && (part === '.' || part === '..')) kept.push('');
  });
  return `/${kept.join('/')}${query ?? ''}`;
}

function decodeURIComponentSafe(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const hostText = ({ host }: Pick<Url, 'host'>): string => (host.includes(':') ? `[${host}]` : host);

/** As the Host field has it: without the port that goes without saying. */
export const hostField = (url: Url): string =>
  url.port === PORTS[url.scheme] ? hostText(url) : `${hostText(url)}:${url.port}`;

/** The URL as text again. */
export const urlText = (url: Url): string => `${url.scheme}://${hostField(url)}${url.path}`;

/** Where a Location field leads from `base`; undefined: it is no URL. */
export function resolveUrl(base: Url, location: string): Url | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(location)) return parseUrl(location);
  const { user: _, ...plain } = base;
  const origin = `${plain.scheme}://${hostText(base)}:${base.port}`;
  if (location.startsWith('//')) return parseUrl(`${base.scheme}:${location}`);
  if (location.startsWith('/')) return parseUrl(origin + location);
  const [name = ''] = base.path.split('?');
  if (location.startsWith('?')) return parseUrl(origin + name + location);
  return parseUrl(`${origin}${name.slice(0, name.lastIndexOf('/') + 1)}${location}`);
}
