import { hashCommand } from './hash.ts';
import { pcapCommand } from './pcap.ts';
import { shellCommand } from './shell.ts';
import { transcriptCommand } from './transcript.ts';
import { UsageError } from './usage-error.ts';

const USAGE = `usage: npm run -s sim -- transcript --out DIR FILE…
       npm run -s sim -- shell [--world 'host seed=7']
       npm run -s sim -- hash FILE…
       npm run -s sim -- pcap --device MACHINE/NETNS/DEV --out F.pcap FILE
`;

const COMMANDS: Readonly<Record<string, (args: string[]) => number | Promise<number>>> = {
  transcript: transcriptCommand,
  shell: shellCommand,
  hash: hashCommand,
  pcap: pcapCommand,
};

/** The simulator on the command line: the same worlds as in the browser, without one. */
async function main([name = '', ...args]: string[]): Promise<number> {
  const command = COMMANDS[name];
  if (command === undefined) {
    process.stderr.write(name === '' ? USAGE : `sim: there is no "${name}"\n${USAGE}`);
    return 2;
  }
  try {
    return await command(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`sim ${name}: ${error.message}\n${USAGE}`);
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
