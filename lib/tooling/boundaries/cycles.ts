/**
 * Import cycles: the strongly connected components with more than one file, by Tarjan's algorithm
 * (Depth-first search and linear graph algorithms, 1972), with a stack of our own so that depth does not matter.
 */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const cycles: string[][] = [];

  const open = (node: string) => {
    index.set(node, index.size);
    low.set(node, index.get(node) ?? 0);
    stack.push(node);
    onStack.add(node);
    return { node, next: [...(graph.get(node) ?? [])] };
  };
  const lower = (node: string, value: number | undefined) =>
    low.set(node, Math.min(low.get(node) ?? 0, value ?? Number.POSITIVE_INFINITY));
  const close = (node: string) => {
    const component: string[] = [];
    let top: string | undefined;
    do {
      top = stack.pop();
      if (top === undefined) break;
      onStack.delete(top);
      component.push(top);
    } while (top !== node);
    if (component.length > 1) cycles.push(component.sort());
  };

  for (const root of graph.keys()) {
    if (index.has(root)) continue;
    const path = [open(root)];
    while (path.length > 0) {
      const here = path[path.length - 1];
      if (!here) break;
      const target = here.next.pop();
      if (target === undefined) {
        path.pop();
        const above = path[path.length - 1];
        if (above) lower(above.node, low.get(here.node));
        if (low.get(here.node) === index.get(here.node)) close(here.node);
      } else if (!index.has(target)) {
        path.push(open(target));
      } else if (onStack.has(target)) {
        lower(here.node, index.get(target));
      }
    }
  }
  return cycles;
}
