import type { ReactNode } from 'react';
import styles from './network-drawing.module.css';
import type { Pod } from './pod-pair';

/** The cables from Pod to bridge, as paths of the drawing. */
export const CABLE_PATHS: Record<Pod, string> = {
  pod1: 'M134 150v26q0 34 34 34h84',
  pod2: 'M506 150v26q0 34-34 34h-84',
};

/**
 * The network of the first lessons: two Pods on one node, each joined to the bridge by a veth pair.
 *
 *   pod1 ── eth0 ══ veth-pod1 ┐
 *                            cni0
 *   pod2 ── eth0 ══ veth-pod2 ┘
 */
export function NetworkDrawing({ children }: { children?: ReactNode }) {
  return (
    <svg
      viewBox="0 0 640 268"
      className={styles.drawing}
      role="img"
      aria-label="Two Pods on one node. Each has an interface eth0, joined by a cable to the bridge cni0 of the node."
    >
      <PodBox x={32} name="pod1" address="10.244.1.2" />
      <PodBox x={404} name="pod2" address="10.244.1.3" />
      {Object.entries(CABLE_PATHS).map(([pod, path]) => (
        <path key={pod} d={path} className={styles.cable} />
      ))}
      <rect x="252" y="182" width="136" height="56" rx="10" className={styles.bridge} />
      <text x="320" y="206" textAnchor="middle" className={styles.name}>
        cni0
      </text>
      <text x="320" y="225" textAnchor="middle" className={styles.label}>
        bridge
      </text>
      {children}
    </svg>
  );
}

function PodBox({ x, name, address }: { x: number; name: string; address: string }) {
  return (
    <g transform={`translate(${x} 28)`}>
      <rect width="204" height="108" rx="10" className={styles.pod} />
      <text x="16" y="28" className={styles.label}>
        {name}
      </text>
      <text x="102" y="66" textAnchor="middle" className={styles.name}>
        {address}
      </text>
      <rect x="68" y="94" width="68" height="28" rx="7" className={styles.device} />
      <text x="102" y="113" textAnchor="middle" className={styles.small}>
        eth0
      </text>
    </g>
  );
}
