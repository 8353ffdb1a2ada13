import dynamic from 'next/dynamic';
import type { TerminalPanelProps } from './terminal-panel';
import { PanelPlaceholder } from './panel-placeholder';

/** xterm and all that belongs to a live terminal, in chunks of their own that load when a terminal is wanted. */
export const LazyPanel = dynamic<TerminalPanelProps>(() => import('./terminal-panel'), {
  ssr: false,
  loading: () => <PanelPlaceholder />,
});
