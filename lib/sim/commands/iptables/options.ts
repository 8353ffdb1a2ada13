import type { OptionSpec } from '../command.ts';

const option = (flags: readonly string[], text: string, value?: string): OptionSpec => ({
  flags,
  text,
  simulated: true,
  ...(value === undefined ? {} : { value }),
});

export const IPTABLES_OPTIONS: readonly OptionSpec[] = [
  option(['-A', '--append'], 'append a rule to a chain', 'CHAIN'),
  option(['-C', '--check'], 'ask whether a rule is there', 'CHAIN'),
  option(['-D', '--delete'], 'delete a rule', 'CHAIN'),
  option(['-I', '--insert'], 'insert a rule', 'CHAIN'),
  option(['-R', '--replace'], 'replace a rule', 'CHAIN'),
  option(['-L', '--list'], 'list rules', '[CHAIN]'),
  option(['-S', '--list-rules'], 'print rules as commands', '[CHAIN]'),
  option(['-F', '--flush'], 'delete all rules', '[CHAIN]'),
  option(['-Z', '--zero'], 'set counters to 0', '[CHAIN]'),
  option(['-N', '--new-chain'], 'make a chain', 'CHAIN'),
  option(['-X', '--delete-chain'], 'delete a chain', '[CHAIN]'),
  option(['-E', '--rename-chain'], 'rename a chain', 'OLD'),
  option(['-P', '--policy'], 'set the policy of a base chain', 'CHAIN'),
  option(['-t', '--table'], 'the table: filter, nat, mangle, raw, security', 'TABLE'),
  option(['-p', '--protocol'], 'protocol', 'PROTOCOL'),
  option(['-s', '--source'], 'source address', 'ADDRESS[/MASK]'),
  option(['-d', '--destination'], 'destination address', 'ADDRESS[/MASK]'),
  option(['-i', '--in-interface'], 'device it came in by', 'NAME'),
  option(['-o', '--out-interface'], 'device it goes out by', 'NAME'),
  option(['-f', '--fragment'], 'second and later fragments'),
  option(['-j', '--jump'], 'what to do', 'TARGET'),
  option(['-g', '--goto'], 'go on in a chain without coming back', 'CHAIN'),
  option(['-m', '--match'], 'load a match', 'MATCH'),
  option(['-n', '--numeric'], 'numbers instead of names'),
  option(['-v', '--verbose'], 'counters and devices'),
  option(['-x', '--exact'], 'counters in full'),
  option(['--line-numbers'], 'numbers of rules'),
  option(['-c', '--set-counters'], 'counters of the new rule', 'PACKETS'),
  option(['-w', '--wait'], 'wait for the lock; there is none'),
  option(['-V', '--version'], 'version'),
  option(['-h', '--help'], 'help'),
];

export const SAVE_OPTIONS: readonly OptionSpec[] = [
  option(['-c', '--counters'], 'with counters'),
  option(['-t', '--table'], 'only this table', 'TABLE'),
  option(['-f', '--file'], 'write to a file', 'FILE'),
  option(['-V', '--version'], 'version'),
];

export const RESTORE_OPTIONS: readonly OptionSpec[] = [
  option(['-c', '--counters'], 'set counters'),
  option(['-n', '--noflush'], 'keep what is there'),
  option(['-t', '--test'], 'parse only'),
  option(['-T', '--table'], 'only this table', 'TABLE'),
  option(['-v', '--verbose'], 'verbose'),
  option(['-w', '--wait'], 'wait for the lock; there is none', '[SECONDS]'),
  option(['-W', '--wait-interval'], 'between tries', 'MICROSECONDS'),
  option(['-4', '--ipv4'], 'for IPv4'),
  option(['-6', '--ipv6'], 'for IPv6'),
  option(['-M', '--modprobe'], 'how to load modules', 'COMMAND'),
  option(['-h', '--help'], 'help'),
  option(['-V', '--version'], 'version'),
];
