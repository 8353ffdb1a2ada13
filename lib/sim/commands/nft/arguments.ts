import { NFT_OPTIONS } from './options.ts';

export type Arguments = {
  readonly file: string | undefined;
  readonly check: boolean;
  readonly handles: boolean;
  readonly numeric: boolean;
  readonly numericPriority: boolean;
  readonly numericProtocol: boolean;
  readonly services: boolean;
  readonly stateless: boolean;
  readonly terse: boolean;
  readonly version: boolean;
  readonly echo: boolean;
  readonly json: boolean;
  readonly includes: readonly string[];
  readonly defines: readonly string[];
  readonly words: readonly string[];
};

export type BadArguments = { readonly error: string } | { readonly lacking: string };

/** getopt_long(3) of nft: options end where the command begins. */
export function parseArguments(argv: readonly string[]): Arguments | BadArguments {
  const given: { flag: string; value: string }[] = [];
  let i = 0;
  for (; i < argv.length; i++) {
    const arg = argv[i] as string;
    if (arg === '--') {
      i++;
      break;
    }
    if (!arg.startsWith('-') || arg === '-') break;
    const taken = arg.startsWith('--') ? takeLong(arg, argv[i + 1]) : takeShort(arg, argv[i + 1]);
    if ('error' in taken || 'lacking' in taken) return taken;
    given.push(...taken.given);
    if (taken.next) i++;
  }
  const has = (flag: string): boolean => given.some((one) => one.flag === flag);
  const values = (flag: string): string[] => given.filter((one) => one.flag === flag).map(({ value }) => value);
  return {
    file: values('-f').at(-1),
    check: has('-c'),
    handles: has('-a'),
    numeric: has('-n'),
    numericPriority: has('-y'),
    numericProtocol: has('-p'),
    services: has('-S'),
    stateless: has('-s'),
    terse: has('-t'),
    version: has('-v'),
    echo: has('-e'),
    json: has('-j'),
    includes: values('-I'),
    defines: values('-D'),
    words: argv.slice(i),
  };
}

type Taken = { readonly given: { flag: string; value: string }[]; readonly next: boolean };

function takeLong(arg: string, next: string | undefined): Taken | BadArguments {
  const [name = '', value] = arg.split('=', 2);
  const option = NFT_OPTIONS.find(({ flags }) => flags.includes(name));
  if (option === undefined) return { error: `nft: unrecognized option '${arg}'` };
  const flag = option.flags[0] as string;
  if (!option.simulated) return { lacking: name };
  if (option.value === undefined) return { given: [{ flag, value: '' }], next: false };
  if (value === undefined && next === undefined) return { error: `nft: option '${name}' requires an argument` };
  return { given: [{ flag, value: value ?? (next as string) }], next: value === undefined };
}

/** `-nna`: letters of one word. */
function takeShort(arg: string, next: string | undefined): Taken | BadArguments {
  const given: { flag: string; value: string }[] = [];
  for (let i = 1; i < arg.length; i++) {
    const flag = `-${arg[i]}`;
    const option = NFT_OPTIONS.find(({ flags }) => flags[0] === flag);
    if (option === undefined) return { error: `nft: invalid option -- '${arg[i]}'` };
    if (!option.simulated) return { lacking: flag };
    if (option.value === undefined) {
      given.push({ flag, value: '' });
      continue;
    }
    const rest = arg.slice(i + 1);
    if (rest === '' && next === undefined) return { error: `nft: option requires an argument -- '${arg[i]}'` };
    given.push({ flag, value: rest === '' ? (next as string) : rest });
    return { given, next: rest === '' };
  }
  return { given, next: false };
}
