import { EventQueue, type Micros, Random } from '../base/index.ts';
import { bootKernel, type Kernel, KernelGroup } from '../kernel/index.ts';
import { createMachine, epochSeconds, type LinuxMachine, Scheduler } from '../os/index.ts';
import { Trace } from '../trace/index.ts';
import { parseWorldSpec } from './spec.ts';

/** When every world begins: its clocks show the same, whenever it is opened. */
const EPOCH: Micros = epochSeconds(2026, 1, 5, 9) * 1_000_000;

/** One computer: its user space and its network stack. */
export type Node = {
  readonly name: string;
  readonly machine: LinuxMachine;
  readonly kernel: Kernel;
};

export class World {
  readonly events = new EventQueue();
  readonly random: Random;
  readonly trace: Trace;
  readonly #scheduler: Scheduler;
  readonly #nodes: Node[] = [];
  readonly #kernels = new KernelGroup();

  constructor(seed: string) {
    this.random = new Random(seed);
    this.trace = new Trace(this.events);
    this.#scheduler = new Scheduler(this.events);
  }

  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  /** The machine on which a person's shell starts. */
  get home(): Node {
    return this.#nodes[0] as Node;
  }

  addNode(name: string): Node {
    const { events, trace } = this;
    const random = this.random.fork(name);
    const machine = createMachine({
      name,
      hostname: name,
      events,
      random: random.fork('machine'),
      epoch: EPOCH,
      scheduler: this.#scheduler,
    });
    const kernel = bootKernel({ name, events, random: random.fork('kernel'), trace, group: this.#kernels });
    // Who enters the namespace of process 1 is on the machine itself.
    const first = machine.processes.get(1);
    if (first !== undefined) first.netns = kernel.init.inode;
    const node = { name, machine, kernel };
    this.#nodes.push(node);
    return node;
  }

  /**
   * Runs what is due up to virtual time `limit`, at most `budget` events of it; how many ran. Time stands at `limit`
   * when everything due has run, at the last event otherwise.
   */
  run(limit: Micros, budget: number): number {
    let ran = 0;
    while (ran < budget && this.events.runNext(limit)) ran++;
    if (ran < budget) this.events.advanceTo(limit);
    return ran;
  }
}

/**
 * Opens the world that `spec` names. The same spec and seed give the same world.
 *
 * @throws WorldSpecError
 */
export function openWorld(spec: string, options: { readonly seed: number | string }): World {
  const { seed } = parseWorldSpec(spec, String(options.seed));
  const world = new World(seed);
  world.addNode('host');
  return world;
}
