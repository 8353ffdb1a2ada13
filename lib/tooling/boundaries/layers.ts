/**
 * Who may import whom. An allowlist: what is not named here is an error (`npm test -- boundaries`).
 *
 *   base ← wire ← trace ← kernel ← kube ← world ← commands ← session      (lib/sim; os and shell stand beside the kernel)
 *   shared ← course, quiz, progress ← labs ← authoring;  server ← app;  components ← app
 *
 * A layer is a folder; the longest folder that a file lies in is its layer.
 */
export type Layer = {
  /** Folder from the repository's root. */
  folder: string;
  /** Folders of the layers it may import. */
  may: readonly string[];
  /** Layers of which it may import types only. */
  mayTypes?: readonly string[];
  /** Other layers import only its index.ts. */
  door?: boolean;
  /** A part of that layer which loads apart: it uses the inside, and the layer itself never imports it. */
  within?: string;
  /** Its folders are areas with a door each (`lib/server/teams/index.ts`), also towards one another. */
  areas?: boolean;
  /** Packages it must not import, with the reason; or, with `only`, the few that it may. */
  packages?: { never: RegExp; why: string } | { only: RegExp; why: string };
};

const sim = (...names: string[]) => names.map((name) => `lib/sim/${name}`);

const PURE = {
  only: /^(ipaddr\.js|get-east-asian-width)$/,
  why: 'the simulator is pure TypeScript, the same in a browser worker and in Node',
};
const NO_REACT = { never: /^(react|react-dom|next|next-auth)(\/|$)/, why: 'this layer knows no React and no Next' };

/** Modules of the kernel (lib/sim/kernel/module.ts) and the modules that they build on. */
const KERNEL_MODULES: Readonly<Record<string, readonly string[]>> = {
  inet: [],
  ipset: [],
  iptunnel: [],
  ipvlan: [],
  macvlan: [],
  netfilter: ['ipset'],
  offload: [],
  sched: [],
  stp: [],
  nftables: ['netfilter'],
  vlan: [],
  vxlan: [],
};
const MODULE_FOLDERS = Object.keys(KERNEL_MODULES).map((name) => `lib/sim/kernel/${name}`);

const KERNEL_AND_BELOW = [...sim('base', 'wire', 'wire/dns', 'trace', 'kernel'), ...MODULE_FOLDERS];
const SESSION_AND_BELOW = [...KERNEL_AND_BELOW, ...sim('kube', 'os', 'shell', 'world', 'commands')];

export const LAYERS: readonly Layer[] = [
  { folder: 'lib/sim/base', may: [], door: true, packages: PURE },
  { folder: 'lib/sim/wire', may: sim('base'), door: true, packages: PURE },
  { folder: 'lib/sim/wire/dns', may: sim('base', 'wire'), door: true, packages: PURE },
  { folder: 'lib/sim/trace', may: sim('base', 'wire'), door: true, packages: PURE },
  {
    folder: 'lib/sim/kernel',
    may: sim('base', 'wire', 'trace'),
    mayTypes: ['lib/sim/kernel/netfilter'],
    door: true,
    packages: PURE,
  },
  ...Object.entries(KERNEL_MODULES).map(([name, needs]) => ({
    folder: `lib/sim/kernel/${name}`,
    may: sim('base', 'wire', 'trace', 'kernel', ...needs.map((need) => `kernel/${need}`)),
    within: 'lib/sim/kernel',
    door: true,
    packages: PURE,
  })),
  { folder: 'lib/sim/kube', may: KERNEL_AND_BELOW, door: true, packages: PURE },
  { folder: 'lib/sim/os', may: sim('base'), door: true, packages: PURE },
  { folder: 'lib/sim/shell', may: sim('base', 'os'), door: true, packages: PURE },
  { folder: 'lib/sim/world', may: [...KERNEL_AND_BELOW, ...sim('kube', 'os')], door: true, packages: PURE },
  {
    folder: 'lib/sim/commands',
    may: [...KERNEL_AND_BELOW, ...sim('kube', 'os', 'shell', 'world')],
    door: true,
    packages: PURE,
  },
  { folder: 'lib/sim/session', may: SESSION_AND_BELOW, door: true, packages: PURE },
  { folder: 'lib/sim/testing', may: [...SESSION_AND_BELOW, ...sim('session')], door: true },
  {
    folder: 'lib/sim/fidelity',
    may: [],
    door: true,
    packages: { only: /^yaml$/, why: 'it reads one list and knows nothing of the simulator' },
  },
  // Recordings are files: the one part of the simulator that only Node runs.
  {
    folder: 'lib/sim/conformance',
    may: [...SESSION_AND_BELOW, ...sim('session', 'testing', 'fidelity')],
    door: true,
  },
  { folder: 'lib/sim-cli', may: [...SESSION_AND_BELOW, ...sim('session', 'conformance')] },

  { folder: 'lib/shared', may: [] },
  { folder: 'lib/course', may: ['lib/shared'], door: true, packages: NO_REACT },
  { folder: 'lib/quiz', may: ['lib/shared'], door: true, packages: NO_REACT },
  { folder: 'lib/progress', may: ['lib/shared'], mayTypes: ['lib/quiz'], door: true, packages: NO_REACT },
  { folder: 'lib/labs', may: sim('session'), mayTypes: ['lib/quiz'], door: true, packages: NO_REACT },
  {
    folder: 'lib/authoring',
    may: ['lib/course', 'lib/quiz', 'lib/labs', 'lib/shared', ...sim('session', 'conformance')],
  },
  { folder: 'lib/server', may: ['lib/course', 'lib/quiz', 'lib/labs', 'lib/progress', 'lib/shared'], areas: true },

  {
    folder: 'components',
    may: ['lib/shared', 'components/terminal/worker'],
    mayTypes: ['lib/course', 'lib/quiz', 'lib/labs', 'lib/progress', 'lib/sim/session'],
  },
  // The one place where the simulator runs in a browser.
  { folder: 'components/terminal/worker', may: ['lib/sim/session', 'components', 'lib/shared'] },
  {
    folder: 'app',
    may: [
      'components',
      'lib/server',
      'lib/shared',
      'lib/course',
      'lib/quiz',
      'lib/labs',
      'lib/progress',
      'lib/sim/session',
      'lib/sim/fidelity',
    ],
  },

  {
    folder: 'lib/tooling',
    may: [
      'lib/shared',
      'lib/course',
      'lib/quiz',
      'lib/progress',
      'lib/server',
      'lib/authoring',
      ...SESSION_AND_BELOW,
      ...sim('session', 'conformance'),
    ],
  },
  { folder: 'e2e', may: ['lib/tooling', 'lib/shared'] },
];

/** What a test may import beside what its layer may: builders, and the layers above in whose company it is tested. */
export const FOR_TESTS = ['lib/sim/testing', 'lib/tooling'] as const;

export function layerOf(file: string): Layer | undefined {
  let found: Layer | undefined;
  for (const layer of LAYERS) {
    const inside = file === layer.folder || file.startsWith(`${layer.folder}/`) || file.startsWith(`${layer.folder}.`);
    if (inside && layer.folder.length > (found?.folder.length ?? 0)) found = layer;
  }
  return found;
}
