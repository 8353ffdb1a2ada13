'use client';

import '@xterm/xterm/css/xterm.css';
import { clsx } from 'clsx';
import { type ReactNode, type Ref, useCallback, useEffect, useId, useRef, useState } from 'react';
import { focused, keepForLater, onRun, type PageTerminal } from './bus';
import { ComposeBar, type ComposeHandle } from './compose-bar';
import { TerminalController } from './controller';
import { CrashPanel } from './crash-panel';
import { FilesDialog } from './files-dialog';
import { logStoreFor } from './learner-log-store';
import { preferences } from './preferences';
import { Screen } from './screen';
import type { PageKey } from './screen-keys';
import { ScreenView } from './screen-view';
import { SearchBar } from './search-bar';
import { ShellTabs } from './shell-tabs';
import { StatusBar } from './status-bar';
import styles from './terminal-panel.module.css';
import { TerminalTools } from './terminal-tools';
import { TranscriptDialog } from './transcript-dialog';
import { useBus } from './use-bus';
import { useCoarsePointer, usePreferences, useTerminalState } from './use-controller';

export type TerminalPanelProps = {
  terminal: PageTerminal;
  /** What stands at the left of the tools: a title, or the tabs of several terminals. */
  heading: ReactNode;
  /** Not in front now: it goes on living. */
  hidden?: boolean;
  /** More tools of the frame around it, after its own. */
  frameTools?: ReactNode;
};

type Controller = TerminalController<Screen>;

/**
 * A terminal that has loaded. It is big (xterm and the simulator come with it), so nothing imports it but by a dynamic
 * import.
 */
export default function TerminalPanel(props: TerminalPanelProps) {
  const hintId = `${useId()}-hint`;
  const root = useRef<HTMLElement>(null);
  const [dialog, setDialog] = useState<'search' | 'files' | 'transcript'>();
  const onPageKey = useCallback((key: PageKey, screen: Screen) => {
    if (key === 'copy') void navigator.clipboard.writeText(screen.text).then(() => screen.xterm.clearSelection());
    else if (key === 'search') setDialog('search');
    else if (key === 'out') leave(root.current);
  }, []);
  const controller = useController(props.terminal, hintId, onPageKey);
  return (
    controller && (
      <Loaded {...props} controller={controller} hintId={hintId} root={root} dialog={dialog} setDialog={setDialog} />
    )
  );
}

type LoadedProps = TerminalPanelProps & {
  controller: Controller;
  hintId: string;
  root: Ref<HTMLElement>;
  dialog: 'search' | 'files' | 'transcript' | undefined;
  setDialog: (dialog: 'search' | 'files' | 'transcript' | undefined) => void;
};

function Loaded({ controller, terminal, heading, hidden, frameTools, hintId, root, dialog, setDialog }: LoadedProps) {
  const [maximised, setMaximised] = useState(false);
  const compose = useRef<ComposeHandle>(null);
  const coarse = useCoarsePointer();
  const state = useTerminalState(controller);
  const active = controller.screen(state.active);
  const focus = useCallback(() => (coarse ? compose.current?.focus() : active?.focus()), [coarse, active]);
  const focusAsked = useRef(0);
  useEffect(() => {
    if (active === undefined || focusAsked.current === state.focusAsked) return;
    focusAsked.current = state.focusAsked;
    focus();
  }, [state.focusAsked, active, focus]);
  const wantsFocus = useBus().focus === terminal.id && active !== undefined;
  useEffect(() => {
    if (!wantsFocus) return;
    focus();
    focused();
  }, [wantsFocus, focus]);

  return (
    <section
      ref={root}
      className={clsx(styles.panel, maximised && styles.maximised)}
      aria-label={`Terminal: ${terminal.title}`}
      hidden={hidden}
      data-state={state.phase === 'live' ? 'ready' : state.phase}
      data-maximised={maximised || undefined}
      data-terminal={terminal.id}
    >
      <header className={styles.header}>
        <div className={styles.heading}>{heading}</div>
        <TerminalTools
          controller={controller}
          screen={active}
          searching={dialog === 'search'}
          maximised={maximised}
          onSearch={() => setDialog(dialog === 'search' ? undefined : 'search')}
          onFiles={() => setDialog('files')}
          onTranscript={() => setDialog('transcript')}
          onMaximise={() => setMaximised(!maximised)}
          onDone={focus}
        />
        {frameTools}
      </header>
      <Shells controller={controller} coarse={coarse} onTouch={() => compose.current?.focus()}>
        {dialog === 'search' && active && (
          <SearchBar
            screen={active}
            onClose={() => {
              setDialog(undefined);
              focus();
            }}
          />
        )}
      </Shells>
      <StatusBar state={state} hintId={hintId} coarse={coarse} onDismiss={() => controller.dismissNotice()} />
      {coarse && <ComposeBar ref={compose} onKeys={(keys) => controller.type(state.active, keys)} />}
      {dialog === 'files' && <FilesDialog controller={controller} onClose={() => setDialog(undefined)} />}
      {dialog === 'transcript' && <TranscriptDialog controller={controller} onClose={() => setDialog(undefined)} />}
    </section>
  );
}

type ShellsProps = { controller: Controller; coarse: boolean; onTouch: () => void; children: ReactNode };

/** The tabs, what stands between them and the screens, and the screens. */
function Shells({ controller, coarse, onTouch, children }: ShellsProps) {
  const base = useId();
  const state = useTerminalState(controller);
  const { fontSize, screenReader } = usePreferences();
  const idOf = (tty: number) => ({ tab: `${base}-tab-${tty}`, panel: `${base}-panel-${tty}` });
  const several = state.tabs.length > 1;
  return (
    <>
      {several && (
        <ShellTabs
          tabs={state.tabs}
          active={state.active}
          idOf={idOf}
          onSelect={(tty) => controller.activate(tty)}
          onClose={(tty) => controller.closeTab(tty)}
        />
      )}
      {children}
      <div className={styles.screens}>
        {state.tabs.map(({ tty }) => {
          const screen = controller.screen(tty);
          return (
            screen && (
              <ScreenView
                key={screen.serial}
                screen={screen}
                id={idOf(tty).panel}
                labelledBy={several ? idOf(tty).tab : undefined}
                active={tty === state.active}
                fontSize={fontSize}
                screenReader={screenReader}
                touch={coarse}
                onTouch={onTouch}
              />
            )
          );
        })}
        {state.crash && <CrashPanel crash={state.crash} onRestart={(how) => controller.restart(how)} />}
      </div>
    </>
  );
}

/** The terminal's life follows the panel's. */
function useController(
  terminal: PageTerminal,
  describedBy: string,
  onPageKey: (key: PageKey, screen: Screen) => void,
): Controller | undefined {
  const [controller, setController] = useState<Controller>();

  useEffect(() => {
    const made: Controller = new TerminalController({
      spec: terminal,
      store: logStoreFor(terminal),
      makeScreen: (tty) => {
        const screen: Screen = new Screen({
          label: `${terminal.title}, shell ${tty + 1}`,
          describedBy,
          ...preferences(),
          onKeys: (keys) => made.type(tty, keys),
          onSize: (columns, rows) => made.resize(tty, columns, rows),
          onPageKey: (key) => onPageKey(key, screen),
        });
        return screen;
      },
    });
    void made.start();
    setController(made);
    const save = () => {
      if (document.visibilityState === 'hidden') made.save();
    };
    document.addEventListener('visibilitychange', save);
    const stopRunning = onRun(terminal.id, (command) => made.run(command));
    return () => {
      document.removeEventListener('visibilitychange', save);
      stopRunning();
      keepForLater(terminal.id, made.end());
      setController(undefined);
    };
  }, [terminal, describedBy, onPageKey]);

  return controller;
}

/** Focus goes from the terminal to the text of the page. */
function leave(panel: HTMLElement | null): void {
  panel?.querySelector<HTMLElement>('textarea')?.blur();
  document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true });
}
