/**
 * The words a lesson's `covers` may use: the systems that the course promises to teach. They are a closed list so that
 * "is everything covered?" is a question with an answer; a new word is added here, once, and then by the lessons.
 */
export const COVERS = [
  'ip-per-pod',
  'flat-network',
  'no-nat',
  'cluster-ip',
  'node-port',
  'load-balancer',
  'ingress',
  'network-namespace',
  'ip',
  'routing',
  'nat',
  'load-balancing',
  'linux-networking',
  'service',
  'network-policy',
  'cni',
  'bridge-plugin',
  'pod-ip',
  'same-node',
  'cross-node',
  'calico',
  'cilium',
  'kernel-stack',
  'troubleshooting',
  'multi-cluster',
  'dedicated-line',
  'gateway',
  'tunnel',
  'service-mesh',
  'canary',
  'traffic-control',
  'observability',
  'encryption',
  'ebpf',
  'dpdk',
  'sr-iov',
] as const;

export type CoversWord = (typeof COVERS)[number];
