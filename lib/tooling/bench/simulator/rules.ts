import type { Figure } from '../figure.ts';
import { worldAfter } from './world.ts';

const SERVICES = 5_000;
const COMMANDS = 500;

/** 20,000 rules in 10,000 chains, as kube-proxy writes them for 5,000 Services of one endpoint. */
function services(): string {
  const chains: string[] = [];
  const rules: string[] = [];
  for (let i = 0; i < SERVICES; i++) {
    const [ip, pod] = [`10.96.${i >> 8}.${i & 255}`, `10.244.${i >> 8}.${i & 255}`];
    chains.push(`:KUBE-SVC-${i} - [0:0]`, `:KUBE-SEP-${i} - [0:0]`);
    rules.push(
      `-A KUBE-SERVICES -d ${ip}/32 -p tcp -m comment --comment "default/web-${i} cluster IP" -m tcp --dport 80 -j KUBE-SVC-${i}`,
      `-A KUBE-SVC-${i} ! -s 10.244.0.0/16 -d ${ip}/32 -p tcp -m tcp --dport 80 -j KUBE-MARK-MASQ`,
      `-A KUBE-SVC-${i} -m comment --comment "default/web-${i} -> ${pod}:8080" -j KUBE-SEP-${i}`,
      `-A KUBE-SEP-${i} -p tcp -m tcp -j DNAT --to-destination ${pod}:8080`,
    );
  }
  return [
    ...['*nat', ':KUBE-SERVICES - [0:0]', ':KUBE-MARK-MASQ - [0:0]', ...chains],
    ...['-A PREROUTING -j KUBE-SERVICES', '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000', ...rules, 'COMMIT'],
  ].join('\n');
}

const TRIES = 3;

/** Milliseconds of a script beyond those of another: the least of some tries, as others' work on the machine only adds. */
function beyond(script: string, without: string): number {
  const took = (text: string): number => {
    const start = performance.now();
    worldAfter(text);
    return performance.now() - start;
  };
  const least = (text: string): number => Math.min(...Array.from({ length: TRIES }, () => took(text)));
  return least(script) - least(without);
}

export function loadingRules(): Figure[] {
  const file = `cat > rules <<'RULES'\n${services()}\nRULES\n`;
  const loop = `for i in $(seq 1 ${COMMANDS}); do CMD FORWARD -s 10.0.0.$((i % 250)) -p tcp --dport $i -j ACCEPT; done`;
  return [
    {
      name: 'simulator: iptables-restore of 20,000 rules',
      value: beyond(`${file}iptables-restore --noflush rules`, `${file}true`),
      unit: 'ms',
      limit: { atMost: 1000 },
    },
    {
      name: `simulator: a loop of ${COMMANDS} iptables -A`,
      value: beyond(loop.replace('CMD', 'iptables -A'), loop.replace('CMD', 'true')),
      unit: 'ms',
      limit: { atMost: 1000 },
    },
  ];
}
