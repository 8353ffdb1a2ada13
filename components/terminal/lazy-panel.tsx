import { type ComponentType, useEffect, useState } from 'react';
import { loadPanel } from './early-start';
import { PanelPlaceholder, PlaceholderAction } from './panel-placeholder';
import type { TerminalPanelProps } from './terminal-panel';

type Panel = ComponentType<TerminalPanelProps>;

/** Once it is there, further terminals have it at once. */
let loaded: Panel | undefined;

/**
 * xterm and all that belongs to a live terminal, in chunks of their own that load when a terminal is wanted. No Suspense
 * here: React holds back what ends a fallback for 300 ms, and a terminal is there sooner.
 */
export function LazyPanel(props: TerminalPanelProps) {
  const [panel, setPanel] = useState<Panel | 'failed' | undefined>(() => loaded);
  useEffect(() => {
    if (panel !== undefined) return;
    loadPanel().then(
      (module) => {
        loaded = module.default;
        setPanel(() => module.default);
      },
      () => setPanel('failed'),
    );
  }, [panel]);

  if (panel === undefined) return <PanelPlaceholder heading={props.heading} />;
  if (panel !== 'failed') {
    const Panel = panel;
    return <Panel {...props} />;
  }
  return (
    <PanelPlaceholder heading={props.heading}>
      <p role="alert">The terminal could not be loaded.</p>
      <PlaceholderAction onClick={() => setPanel(undefined)}>Try again</PlaceholderAction>
    </PanelPlaceholder>
  );
}
