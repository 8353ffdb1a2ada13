/** What is known to differ from Linux, as data: the tests hold the simulator to it, and the product shows it. */
export { KNOWN_DIFFERENCES, type KnownDifference, parseKnownDifferences } from './known-differences.ts';
