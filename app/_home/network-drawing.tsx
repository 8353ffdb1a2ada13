import styles from './network-drawing.module.css';

/**
 * The network of the first lessons: two Pods on one node, each joined to the bridge by a veth pair.
 *
 *   pod1 ── eth0 ══ veth1 ┐
 *                        br0
 *   pod2 ── eth0 ══ veth2 ┘
 */
export function NetworkDrawing() {
  return (
    <svg viewBox="0 0 640 300" className={styles.drawing} role="img" aria-label="Two Pods on one node. Each has an interface eth0, joined by a cable to the bridge cni0 of the node.">
      <rect x="8" y="8" width="624" height="284" rx="14" className={styles.node} />
      <text x="28" y="36" className={styles.label}>
        node
      </text>
      <Pod x={32} name="pod1" address="10.244.1.2" />
      <Pod x={404} name="pod2" address="10.244.1.3" />
      <path d="M134 148v34q0 30 30 30h86" className={styles.cable} />
      <path d="M506 148v34q0 30-30 30h-86" className={styles.cable} />
      <rect x="250" y="186" width="140" height="52" rx="10" className={styles.bridge} />
      <text x="320" y="217" textAnchor="middle" className={styles.name}>
        cni0
      </text>
      <text x="320" y="262" textAnchor="middle" className={styles.label}>
        bridge
      </text>
    </svg>
  );
}

function Pod({ x, name, address }: { x: number; name: string; address: string }) {
  return (
    <g transform={`translate(${x} 52)`}>
      <rect width="204" height="96" rx="10" className={styles.pod} />
      <text x="16" y="28" className={styles.label}>
        {name}
      </text>
      <text x="102" y="58" textAnchor="middle" className={styles.name}>
        {address}
      </text>
      <rect x="72" y="76" width="60" height="26" rx="6" className={styles.device} />
      <text x="102" y="94" textAnchor="middle" className={styles.small}>
        eth0
      </text>
    </g>
  );
}
