import type { OptionSpec } from '../command.ts';

const option = (flags: readonly string[], text: string, value?: string, simulated = true): OptionSpec => ({
  flags,
  text,
  simulated,
  ...(value === undefined ? {} : { value }),
});

export const NFT_OPTIONS: readonly OptionSpec[] = [
  option(['-f', '--file'], 'read commands from a file; - is standard input', 'FILE'),
  option(['-c', '--check'], 'say what is wrong, change nothing'),
  option(['-a', '--handle'], 'show handles'),
  option(['-n', '--numeric'], 'numbers in place of names'),
  option(['-s', '--stateless'], 'without what counts'),
  option(['-t', '--terse'], 'sets without their elements'),
  option(['-S', '--service'], 'ports by their names'),
  option(['-y', '--numeric-priority'], 'priorities as numbers'),
  option(['-p', '--numeric-protocol'], 'protocols as numbers'),
  option(['-D', '--define'], 'define a variable', 'NAME=VALUE'),
  option(['-e', '--echo'], 'tell what was added'),
  option(['-I', '--includepath'], 'where included files are looked for', 'DIRECTORY'),
  option(['-v', '--version'], 'the version'),
  option(['-j', '--json'], 'listings in JSON'),
  option(['-i', '--interactive'], 'read commands one by one', undefined, false),
  option(['-u', '--guid'], 'user and group names', undefined, false),
  option(['-T', '--numeric-time'], 'times as numbers', undefined, false),
  option(['-d', '--debug'], 'what goes to the kernel', 'LEVEL', false),
  option(['-o', '--optimize'], 'optimize rules', undefined, false),
  option(['-V'], 'the version and what was built in', undefined, false),
  option(['-h', '--help'], 'help', undefined, false),
];
