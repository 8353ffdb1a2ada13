'use client';

import { useEffect, useRef } from 'react';
import { watchPackets } from '@/components/terminal/packets';
import { CABLE_PATHS } from './network-drawing';
import styles from './network-drawing.module.css';
import { type Leg, PacketQueue } from './packet-queue';

const STEP_MS = 260;
const NAMES = { arp: 'ARP', icmp: 'ICMP', icmp6: 'ICMP6', other: 'packet' } as const;

/** What crosses the cables of the drawing, as the simulator tells it. Without motion the packets stand where they are. */
export function Packets({ terminal }: { terminal: string }) {
  const layer = useRef<SVGGElement>(null);
  useEffect(() => {
    const queue = new PacketQueue();
    let timer: ReturnType<typeof setTimeout> | undefined;
    function step() {
      const legs = queue.next();
      timer = legs && setTimeout(step, STEP_MS);
      for (const leg of legs ?? []) if (layer.current) cross(layer.current, leg);
    }
    const stop = watchPackets(terminal, (packets) => {
      queue.add(packets);
      if (timer === undefined) step();
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [terminal]);
  return <g ref={layer} />;
}

/** Draws one packet along one cable, and takes it away when it is there. */
function cross(layer: SVGGElement, { pod, way, protocol }: Leg) {
  const packet = document.createElementNS(layer.namespaceURI, 'g') as SVGGElement;
  packet.setAttribute('class', `${styles.packet} ${styles[protocol]}`);
  packet.style.offsetPath = `path("${CABLE_PATHS[pod]}")`;
  packet.innerHTML = `<rect x="-27" y="-13" width="54" height="26" rx="13"/><text y="4.5" text-anchor="middle">${NAMES[protocol]}</text>`;
  layer.append(packet);
  const ends = way === 'to-bridge' ? ['0%', '100%'] : ['100%', '0%'];
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const distances = still ? ['50%', '50%'] : ends;
  packet
    .animate(
      { offsetDistance: distances, opacity: [0.2, 1, 1, 0.2] },
      { duration: STEP_MS * 1.15, easing: 'cubic-bezier(0.4, 0, 0.6, 1)' },
    )
    .finished.finally(() => packet.remove());
}
