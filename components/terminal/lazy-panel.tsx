import dynamic from 'next/dynamic';
import { PanelPlaceholder } from './panel-placeholder';
import type { TerminalPanelProps } from './terminal-panel';

/** xterm and all that belongs to a live terminal, in chunks of their own that load when a terminal is wanted. */
export const LazyPanel = dynamic<TerminalPanelProps>(() => import('./terminal-panel'), {
  ssr: false,
  loading: () => <PanelPlaceholder />,
});
