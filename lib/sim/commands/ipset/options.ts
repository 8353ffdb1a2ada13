import type { OptionSpec } from '../command.ts';

const option = (flags: readonly string[], text: string, value?: string, simulated = true): OptionSpec => ({
  flags,
  text,
  simulated,
  ...(value === undefined ? {} : { value }),
});

export const IPSET_OPTIONS: readonly OptionSpec[] = [
  option(['-!', '-exist'], 'no error for what is there already, or is not there'),
  option(['-o', '-output'], 'form of listings: plain or save', 'FORM'),
  option(['-q', '-quiet'], 'no messages'),
  option(['-s', '-sorted'], 'sort the members'),
  option(['-n', '-name'], 'names of sets only'),
  option(['-t', '-terse'], 'sets without their members'),
  option(['-f', '-file'], 'the file to read or write', 'FILE'),
  option(['-r', '-resolve'], 'names in place of addresses', undefined, false),
];
