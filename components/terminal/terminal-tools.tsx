'use client';

import { showSnackbar } from '../ui/snackbar';
import type { TerminalController } from './controller';
import { Icon } from './icons';
import { Menu, MenuItem, MenuRule } from './menu';
import { clampFontSize, FONT_SIZES, prefer, preferences } from './preferences';
import type { Screen } from './screen';
import styles from './terminal-panel.module.css';
import { ToolButton } from './tool-button';
import { usePreferences, useTerminalState } from './use-controller';

type Props = {
  controller: TerminalController<Screen>;
  screen: Screen | undefined;
  searching: boolean;
  maximised: boolean;
  onSearch: () => void;
  onFiles: () => void;
  onTranscript: () => void;
  onMaximise: () => void;
  /** The reader goes back to typing. */
  onDone: () => void;
};

/** What can be done with a terminal. The everyday things are buttons, the others wait in a menu. */
export function TerminalTools(props: Props) {
  const { controller, searching, maximised, onSearch, onMaximise, onDone } = props;
  const { phase, tabs } = useTerminalState(controller);
  return (
    <div className={styles.tools} data-tools>
      <ToolButton
        label="New shell on this machine"
        disabled={phase !== 'live' || tabs.length >= 8}
        onClick={() => controller.addTab()}
      >
        <Icon name="add" />
      </ToolButton>
      <ToolButton label="Search (Ctrl+Shift+F)" aria-pressed={searching} onClick={onSearch}>
        <Icon name="search" />
      </ToolButton>
      <ToolButton
        label={maximised ? 'Back to its place' : 'Maximise'}
        aria-pressed={maximised}
        onClick={() => (onMaximise(), onDone())}
      >
        <Icon name={maximised ? 'restore' : 'maximise'} />
      </ToolButton>
      <MoreMenu {...props} />
    </div>
  );
}

function MoreMenu({ controller, screen, onFiles, onTranscript, onDone }: Props) {
  const { fontSize, screenReader } = usePreferences();
  const { phase } = useTerminalState(controller);
  const resize = (by: number) => prefer({ fontSize: clampFontSize(preferences().fontSize + by) });
  return (
    <Menu label="More">
      <MenuItem hint="Ctrl+Shift+C" onSelect={() => void copy(screen)}>
        Copy
      </MenuItem>
      <MenuItem hint="Ctrl+V" onSelect={() => void paste(screen).then(onDone)}>
        Paste
      </MenuItem>
      <MenuItem hint="Ctrl+L" onSelect={() => (controller.clear(), onDone())}>
        Clear
      </MenuItem>
      <MenuRule />
      <MenuItem disabled={fontSize >= FONT_SIZES.most} onSelect={() => resize(1)}>
        Larger text
      </MenuItem>
      <MenuItem disabled={fontSize <= FONT_SIZES.least} onSelect={() => resize(-1)}>
        Smaller text
      </MenuItem>
      <MenuItem checked={screenReader} onSelect={() => prefer({ screenReader: !screenReader })}>
        Screen reader mode
      </MenuItem>
      <MenuItem onSelect={onTranscript}>Read as text…</MenuItem>
      <MenuRule />
      <MenuItem disabled={phase !== 'live'} onSelect={onFiles}>
        Download files…
      </MenuItem>
      <MenuItem disabled={phase === 'loading'} onSelect={() => reset(controller)}>
        Reset this machine
      </MenuItem>
    </Menu>
  );
}

function reset(controller: TerminalController<Screen>): void {
  const undo = controller.reset();
  showSnackbar({ text: 'The machine was reset.', action: { label: 'Undo', run: undo } });
}

async function copy(screen: Screen | undefined): Promise<void> {
  if (screen === undefined) return;
  const selected = screen.xterm.hasSelection();
  await navigator.clipboard.writeText(screen.text);
  showSnackbar({ text: selected ? 'Copied what was selected.' : 'Copied all output.' });
}

async function paste(screen: Screen | undefined): Promise<void> {
  try {
    screen?.paste(await navigator.clipboard.readText());
  } catch {
    showSnackbar({
      text: 'The browser does not let this page read the clipboard. Press Ctrl+V in the terminal instead.',
    });
  }
}
