import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metadata } from 'next';
import { EmptyState } from '@/components/ui/empty-state';
import { KNOWN_DIFFERENCES, type KnownDifference, parseKnownDifferences } from '@/lib/sim/fidelity';
import { type CommandFacts, commandFacts, pluginFacts } from '@/lib/sim/session';
import styles from './commands.module.css';

export const metadata: Metadata = {
  title: 'Commands',
  description: 'What the simulated machines can do, command by command, and what they cannot.',
};

export default async function Page() {
  const [commands, plugins, list] = await Promise.all([
    commandFacts(),
    pluginFacts(),
    readFile(join(process.cwd(), KNOWN_DIFFERENCES), 'utf8'),
  ]);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1>Commands</h1>
        <p>
          What you can type on the simulated machines. The list is made from the commands themselves. An option that the
          real tool has and ours has not is named here, and says so when you use it; nothing is pretended.
        </p>
        <p className={styles.legend}>
          <span>
            <Mark simulated /> simulated
          </span>
          <span>
            <Mark simulated={false} /> not simulated
          </span>
        </p>
      </header>
      {commands.length === 0 && (
        <EmptyState title="No command is installed">A machine without commands is an error of this build.</EmptyState>
      )}
      <nav aria-label="Commands" className={styles.names}>
        {commands.map(({ name }) => (
          <a key={name} href={`#${name}`}>
            <code>{name}</code>
          </a>
        ))}
      </nav>
      {commands.map((command) => (
        <Command key={command.name} id={command.name} command={command} />
      ))}
      <header className={styles.header}>
        <h2>CNI plugins</h2>
        <p>
          The reference plugins, which are run by their path with <code>CNI_COMMAND</code> and the other variables of
          the protocol, and a configuration on standard input. A script of your own in the same place runs the same way.
        </p>
      </header>
      {plugins.map((plugin) => (
        <Command key={plugin.name} id={`cni-${plugin.name}`} command={plugin} />
      ))}
      <Differences entries={parseKnownDifferences(list, KNOWN_DIFFERENCES)} />
    </div>
  );
}

/** What the recordings of a real machine show otherwise. Reasons first: one may stand behind several commands. */
function Differences({ entries }: { entries: readonly KnownDifference[] }) {
  const reasons = [...new Set(entries.map(({ reason }) => reason))];
  return (
    <>
      <header className={styles.header} id="differences">
        <h2>Known differences</h2>
        <p>
          Every command of our recordings of a real Linux machine is run on the simulated one by each test run.{' '}
          {entries.length === 0
            ? 'All of them print the same.'
            : 'These do not print the same yet, and this is why. What else differs, we do not know of.'}
        </p>
      </header>
      {reasons.map((reason) => (
        <section key={reason} className={styles.command}>
          <h3>{reason}</h3>
          <ul className={styles.differences}>
            {commandsOf(entries.filter((entry) => entry.reason === reason)).map((command) => (
              <li key={command}>
                <code>{command}</code>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

const commandsOf = (entries: readonly KnownDifference[]) => [...new Set(entries.flatMap(({ commands }) => commands))];

type CommandProps = { readonly id: string; readonly command: CommandFacts };

function Command({ id, command: { name, aliases, path, summary, options } }: CommandProps) {
  const missing = options.filter(({ simulated }) => !simulated).length;
  return (
    <section id={id} className={styles.command} aria-labelledby={`${id}-name`}>
      <h2 id={`${id}-name`}>
        <a href={`#${id}`}>
          <code>{name}</code>
        </a>
      </h2>
      <p>{summary}</p>
      <p className={styles.path}>
        <code>{path}</code>
        {aliases.length > 0 && (
          <>
            , also <code>{aliases.join(', ')}</code>
          </>
        )}
      </p>
      {options.length > 0 && (
        <details>
          <summary>
            {options.length} {options.length === 1 ? 'option' : 'options'}
            {missing > 0 && `, ${missing} of them not simulated`}
          </summary>
          <ul className={styles.options}>
            {options.map(({ flags, value, text, simulated }) => (
              <li key={flags.join(' ')}>
                <Mark simulated={simulated} />
                <code>
                  {flags.join(', ')}
                  {value && ` ${value}`}
                </code>
                <span>
                  {text}
                  {!simulated && <span className="visually-hidden"> (not simulated)</span>}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Mark({ simulated }: { simulated: boolean }) {
  return (
    <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" className={simulated ? styles.yes : styles.no}>
      {simulated ? <path d="M3 8.5l3.2 3.2L13 4.8" /> : <path d="M4 4l8 8M12 4l-8 8" />}
    </svg>
  );
}
