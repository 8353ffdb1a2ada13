/**
 * The programs of a simulated machine. A command is data (name, path, options) and one program over the machine's
 * processes and files and the kernel's messages; the catalogue lists them all, and everything that is known about
 * commands derives from it.
 *
 * It is not a shell, and no command knows what another printed: each reads the state of kernel and files.
 */
export { catalog, cniPlugins, installCatalog, programs } from './catalog.ts';
export { type CommandSpec, EXIT_NOT_SIMULATED, type OptionSpec } from './command.ts';
export { namedNamespaces } from './iproute2/named-netns.ts';
export { retryLoading } from './lazy.ts';
export { type CatalogCommand, loadAll } from './load.ts';
export { type CapturedPacket, pcapFile } from './tcpdump/pcap-file.ts';
