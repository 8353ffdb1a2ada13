/**
 * Worlds: machines with their network stacks on one clock, one seed and one trace. A world has no commands, no terminal
 * and no pace of its own; a session gives it those.
 */
export { parseWorldSpec, type WorldSpec, WorldSpecError } from './spec.ts';
export { type Node, openWorld, World } from './world.ts';
