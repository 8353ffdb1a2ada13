/** `set -o` options with their letters, in the order in which `set -o` lists them. */
export const SET_OPTIONS = {
  allexport: 'a',
  braceexpand: 'B',
  emacs: '',
  errexit: 'e',
  errtrace: 'E',
  functrace: 'T',
  hashall: 'h',
  histexpand: 'H',
  history: '',
  ignoreeof: '',
  'interactive-comments': '',
  keyword: 'k',
  monitor: 'm',
  noclobber: 'C',
  noexec: 'n',
  noglob: 'f',
  nolog: '',
  notify: 'b',
  nounset: 'u',
  onecmd: 't',
  physical: 'P',
  pipefail: '',
  posix: '',
  privileged: 'p',
  verbose: 'v',
  vi: '',
  xtrace: 'x',
} as const;

export type SetOption = keyof typeof SET_OPTIONS;

/** `shopt` options that change something here. */
export const SHOPT_OPTIONS = [
  'autocd',
  'cdspell',
  'checkwinsize',
  'dotglob',
  'execfail',
  'expand_aliases',
  'extglob',
  'failglob',
  'globstar',
  'globasciiranges',
  'histappend',
  'huponexit',
  'inherit_errexit',
  'interactive_comments',
  'lastpipe',
  'login_shell',
  'nocaseglob',
  'nocasematch',
  'nullglob',
  'patsub_replacement',
  'sourcepath',
  'xpg_echo',
] as const;

export type ShoptOption = (typeof SHOPT_OPTIONS)[number];

export const initialOptions = (interactive: boolean): Set<SetOption> => {
  const always: SetOption[] = ['braceexpand', 'hashall', 'interactive-comments'];
  return new Set(interactive ? [...always, 'emacs', 'histexpand', 'history', 'monitor'] : always);
};

export const initialShopt = (interactive: boolean): Set<ShoptOption> => {
  const always: ShoptOption[] = [
    'checkwinsize',
    'globasciiranges',
    'interactive_comments',
    'patsub_replacement',
    'sourcepath',
  ];
  return new Set(interactive ? [...always, 'expand_aliases', 'histappend'] : always);
};
