import { type Url, urlText } from '../http/url.ts';
import type { Report } from './transfer.ts';

export type Outcome = {
  readonly report: Report;
  /** As it was typed, and where redirects have led. */
  readonly url: string;
  readonly effective: Url;
  readonly redirects: number;
  readonly redirectUrl: string;
  readonly file: string;
  readonly code: number;
  readonly message: string;
  /** Seconds. */
  readonly total: number;
};

const SECONDS = (micros: number): string => (micros / 1e6).toFixed(6);

const VARIABLES: Readonly<Record<string, (outcome: Outcome) => string>> = {
  content_type: ({ report }) => report.contentType,
  errormsg: ({ message }) => message,
  exitcode: ({ code }) => String(code),
  filename_effective: ({ file }) => file,
  http_code: ({ report }) => String(report.status).padStart(3, '0'),
  http_version: ({ report }) => report.version.replace(/\.0$/, ''),
  local_ip: ({ report }) => report.local?.ip ?? '',
  local_port: ({ report }) => String(report.local?.port ?? 0),
  method: ({ report }) => report.method,
  num_connects: ({ report }) => String(report.connects),
  num_redirects: ({ redirects }) => String(redirects),
  redirect_url: ({ redirectUrl }) => redirectUrl,
  remote_ip: ({ report }) => report.remote?.ip ?? '',
  remote_port: ({ report }) => String(report.remote?.port ?? 0),
  response_code: ({ report }) => String(report.status).padStart(3, '0'),
  scheme: ({ effective }) => effective.scheme.toUpperCase(),
  size_download: ({ report }) => String(report.received),
  size_header: ({ report }) => String(report.headSize),
  size_request: ({ report }) => String(report.requestSize),
  size_upload: ({ report }) => String(report.sent),
  speed_download: ({ report, total }) => String(total > 0 ? Math.floor(report.received / total) : 0),
  speed_upload: ({ report, total }) => String(total > 0 ? Math.floor(report.sent / total) : 0),
  ssl_verify_result: () => '0',
  time_appconnect: () => SECONDS(0),
  time_connect: ({ report }) => SECONDS(report.connectedAt),
  time_namelookup: () => SECONDS(0),
  time_pretransfer: ({ report }) => SECONDS(report.connectedAt),
  time_redirect: () => SECONDS(0),
  time_starttransfer: ({ report }) => SECONDS(report.firstByteAt),
  time_total: ({ total }) => total.toFixed(6),
  url: ({ url }) => url,
  url_effective: ({ effective }) => urlText(effective),
};

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** The text of --write-out for standard output, and for standard error what it does not know. */
export function writeOut(format: string, outcome: Outcome): { output: string; errors: string } {
  let output = '';
  let errors = '';
  let toError = false;
  for (const [part, name, escape] of format.matchAll(/%\{([^}]*)\}|%%|\\(.)|[\s\S]/g)) {
    let text = part;
    if (part === '%%') text = '%';
    else if (escape !== undefined) text = ESCAPES[escape] ?? part;
    else if (name === 'stderr' || name === 'stdout') {
      toError = name === 'stderr';
      continue;
    } else if (name === 'onerror') {
      if (outcome.code === 0) break;
      continue;
    } else if (name !== undefined) {
      const variable = VARIABLES[name];
      if (variable === undefined) errors += `curl: unknown --write-out variable: '${name}'\n`;
      text = variable?.(outcome) ?? '';
    }
    if (toError) errors += text;
    else output += text;
  }
  return { output, errors };
}
