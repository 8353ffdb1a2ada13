import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const development = process.env.NODE_ENV === 'development';

/**
 * What a page may load and where it may talk to: itself, nothing else.
 *
 * Pages are static, so there is no request in which a nonce could be put into the inline scripts that carry React's
 * server tree: 'unsafe-inline' stays. The other half of the defence is that lessons cannot bring script at all
 * (lib/course refuses code in MDX and in figures).
 */
function contentSecurityPolicy() {
  const directives = {
    'default-src': ["'self'"],
    'script-src': ["'self'", "'unsafe-inline'", ...(development ? ["'unsafe-eval'"] : [])],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:', 'blob:'],
    'font-src': ["'self'"],
    'connect-src': ["'self'", ...(development ? ['ws:'] : [])],
    'worker-src': ["'self'", 'blob:'],
    'object-src': ["'none'"],
    'base-uri': ["'self'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, values]) => `${name} ${values.join(' ')}`)
    .join('; ');
}

/** @type {import('next').NextConfig} */
export default {
  distDir: process.env.NEXT_DIST_DIR || '.next',
  poweredByHeader: false,
  reactStrictMode: true,
  turbopack: { root },
  outputFileTracingRoot: root,
  // The pages read lessons at run time too (see lib/server/content.ts), so a traced build carries them.
  outputFileTracingIncludes: { '/*': ['./content/**/*'] },
  // `npm test` checks types; a newcomer's first `npm start` need not wait for them.
  typescript: { ignoreBuildErrors: true, tsconfigPath: 'lib/tooling/tsconfig.next.json' },
  experimental: {
    useTypeScriptCli: true,
    // Pages that are made at run time stay in memory: a server that starts with other content folders finds none of them.
    isrFlushToDisk: false,
  },
  async headers() {
    return [
      {
        source: '/:path*',
        headers: [
          { key: 'Content-Security-Policy', value: contentSecurityPolicy() },
          { key: 'X-Content-Type-Options', value: 'nosniff' },
          { key: 'X-Frame-Options', value: 'DENY' },
          { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
          { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
          { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=(), payment=(), usb=()' },
        ],
      },
    ];
  },
};
