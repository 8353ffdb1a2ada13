import { WaitQueue } from '../../base/index.ts';
import { type Notification, subscribe } from '../../kernel/index.ts';
import { civilTime, type Wait } from '../../os/index.ts';
import type { Session } from '../iproute2/session.ts';
import { Refusal, type Words } from '../iproute2/words.ts';
import { printAddress } from './addr-list.ts';
import { printLink } from './link-show.ts';
import { printNeigh } from './neigh.ts';
import { printRoute } from './route-show.ts';
import { printRule } from './rule.ts';
import { usage } from './usage.ts';

const MONITOR_USAGE = `Usage: ip monitor [ all | OBJECTS ] [ FILE ] [ label ] [ all-nsid ]
                  [ dev DEVICE ]
OBJECTS :=  address | link | mroute | neigh | netconf |
            nexthop | nsid | prefix | route | rule | stats
FILE := file FILENAME
`;

type Topic = 'link' | 'address' | 'route' | 'rule' | 'neigh';

const TOPIC_OF: Readonly<Record<Notification['type'], Topic | 'fdb'>> = {
  newlink: 'link',
  dellink: 'link',
  newaddr: 'address',
  deladdr: 'address',
  newroute: 'route',
  delroute: 'route',
  newrule: 'rule',
  delrule: 'rule',
  newneigh: 'neigh',
  delneigh: 'neigh',
  newfdb: 'fdb',
  delfdb: 'fdb',
};

const LABEL: Readonly<Record<Topic, string>> = {
  link: '[LINK]',
  address: '[ADDR]',
  route: '[ROUTE]',
  rule: '[RULE]',
  neigh: '[NEIGH]',
};

/** `ip monitor [all | OBJECT…] [label] [dev DEVICE]`: prints each change until it is interrupted. */
export function* monitor(session: Session, words: Words): Generator<Wait, number, void> {
  const asked = parseWords(session, words);
  const { process } = session;
  const queue: Notification[] = [];
  const arrived = new WaitQueue();
  const unsubscribe = subscribe(session.ns, (notification) => {
    queue.push(notification);
    arrived.wake();
  });
  try {
    for (;;) {
      yield* process.waitFor(() => queue.length > 0, [arrived]);
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        print(session, next, asked);
        yield* session.out.flush(process);
      }
    }
  } finally {
    unsubscribe();
  }
}

type Asked = { topics: ReadonlySet<Topic>; labelled: boolean; device: number | undefined };

function parseWords(session: Session, words: Words): Asked {
  const topics = new Set<Topic>();
  let labelled = false;
  let device: number | undefined;
  for (; words.more; words.next()) {
    if (words.abbreviates('label')) labelled = true;
    else if (words.is('all')) labelled = true;
    else if (words.abbreviates('link')) topics.add('link');
    else if (words.abbreviates('address')) topics.add('address');
    else if (words.abbreviates('route')) topics.add('route');
    else if (words.abbreviates('rule')) topics.add('rule');
    else if (words.abbreviates('neigh')) topics.add('neigh');
    else if (words.is('dev')) device = session.device(words.value()).ifindex;
    else if (words.abbreviates('help')) throw usage(MONITOR_USAGE);
    else if (
      words.abbreviates('file', 'mroute', 'maddress', 'prefix', 'netconf', 'nsid', 'nexthop', 'all-nsid', 'stats')
    ) {
      throw new Refusal(`ip: not simulated here: monitor '${words.word}'\n`, 64);
    } else throw new Refusal(`Argument "${words.word}" is unknown, try "ip monitor help".\n`, 255);
  }
  const all: readonly Topic[] = ['link', 'address', 'route', 'rule', 'neigh'];
  return { topics: topics.size > 0 ? topics : new Set(all), labelled, device };
}

function print(session: Session, notification: Notification, { topics, labelled, device }: Asked): void {
  const topic = TOPIC_OF[notification.type];
  if (topic === 'fdb' || !topics.has(topic) || (device !== undefined && !concerns(notification, device))) return;
  const { out, options } = session;
  if (options.timestamp !== 'none') out.text(timestamp(session, notification.at));
  if (labelled) out.text(LABEL[topic]);
  if (notification.type.startsWith('del')) out.text('Deleted ');
  printMessage(session, notification);
}

function printMessage(session: Session, notification: Notification): void {
  if ('link' in notification) printLink(session, notification.link, { asLink: false, withAddress: true });
  else if ('addr' in notification) printAddress(session, undefined, notification.addr, true);
  else if ('route' in notification) printRoute(session, notification.route, {});
  else if ('rule' in notification) printRule(session, notification.rule);
  else if ('neigh' in notification) printNeigh(session, notification.neigh, false);
}

function concerns(notification: Notification, ifindex: number): boolean {
  if ('link' in notification) return notification.link.ifindex === ifindex;
  if ('addr' in notification) return notification.addr.ifindex === ifindex;
  if ('neigh' in notification) return notification.neigh.ifindex === ifindex;
  return 'route' in notification && notification.route.nexthops.some((hop) => hop.ifindex === ifindex);
}

/** `-t`: `Timestamp: Sun Nov 22 09:05:23 2026 644852 usec`, `-ts`: `[2026-11-22T09:05:23.644852] `. */
function timestamp({ process, options }: Session, at: number): string {
  const micros = process.machine.epoch + at;
  const { year, month, day, hour, minute, second, weekday } = civilTime(Math.floor(micros / 1_000_000));
  const fraction = String(micros % 1_000_000).padStart(6, '0');
  const two = (n: number): string => String(n).padStart(2, '0');
  const time = `${two(hour)}:${two(minute)}:${two(second)}`;
  if (options.timestamp === 'short') return `[${year}-${two(month)}-${two(day)}T${time}.${fraction}] `;
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
  return `Timestamp: ${days[weekday]} ${months[month - 1]} ${String(day).padStart(2)} ${time} ${year} ${fraction} usec\n`;
}
