import { invariant } from '../base/index.ts';
import type { Vfs } from './vfs/file-system.ts';

const DIRECTORIES = [
  '/boot',
  '/dev',
  '/dev/pts',
  '/etc',
  '/etc/iproute2',
  '/etc/iproute2/rt_tables.d',
  '/home',
  '/media',
  '/mnt',
  '/opt',
  '/proc',
  '/root',
  '/run',
  '/run/lock',
  '/srv',
  '/sys',
  '/usr',
  '/usr/bin',
  '/usr/sbin',
  '/usr/lib',
  '/usr/local',
  '/usr/local/bin',
  '/usr/local/sbin',
  '/usr/share',
  '/var',
  '/var/lib',
  '/var/log',
  '/var/tmp',
  '/tmp',
];

/** A merged /usr (file-hierarchy(7)), and what the kernel and systemd link. */
const LINKS: Record<string, string> = {
  '/bin': 'usr/bin',
  '/sbin': 'usr/sbin',
  '/lib': 'usr/lib',
  '/var/run': '/run',
  '/dev/fd': '/proc/self/fd',
  '/dev/stdin': '/proc/self/fd/0',
  '/dev/stdout': '/proc/self/fd/1',
  '/dev/stderr': '/proc/self/fd/2',
  '/etc/mtab': '../proc/self/mounts',
};

const RELEASE = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
SUPPORT_URL="https://www.debian.org/support"
BUG_REPORT_URL="https://bugs.debian.org/"
`;

const PASSWD = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
bin:x:2:2:bin:/bin:/usr/sbin/nologin
sys:x:3:3:sys:/dev:/usr/sbin/nologin
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
`;

const GROUP = `root:x:0:
daemon:x:1:
bin:x:2:
sys:x:3:
adm:x:4:
tty:x:5:
www-data:x:33:
nogroup:x:65534:
`;

/** /etc/services of Debian's netbase, cut to what this world's tools and lessons name. */
const SERVICES = `# Network services, Internet style
#
tcpmux		1/tcp				# TCP port service multiplexer
echo		7/tcp
echo		7/udp
discard		9/tcp		sink null
discard		9/udp		sink null
daytime		13/tcp
ftp-data	20/tcp
ftp		21/tcp
ssh		22/tcp				# SSH Remote Login Protocol
telnet		23/tcp
smtp		25/tcp		mail
time		37/tcp		timserver
time		37/udp		timserver
whois		43/tcp		nicname
domain		53/tcp				# Domain Name Server
domain		53/udp
bootps		67/udp
bootpc		68/udp
tftp		69/udp
http		80/tcp		www		# WorldWideWeb HTTP
kerberos	88/tcp		kerberos5 krb5 kerberos-sec	# Kerberos v5
pop3		110/tcp		pop-3		# POP version 3
sunrpc		111/tcp		portmapper	# RPC 4.0 portmapper
sunrpc		111/udp		portmapper
ntp		123/udp				# Network Time Protocol
imap2		143/tcp		imap		# Interim Mail Access P 2 and 4
snmp		161/tcp				# Simple Net Mgmt Protocol
snmp		161/udp
bgp		179/tcp				# Border Gateway Protocol
ldap		389/tcp			# Lightweight Directory Access Protocol
https		443/tcp				# http protocol over TLS/SSL
https		443/udp				# HTTP/3
microsoft-ds	445/tcp				# Microsoft Naked CIFS
syslog		514/udp
submission	587/tcp				# Submission [RFC4409]
ldaps		636/tcp				# LDAP over SSL
domain-s	853/tcp				# DNS over TLS [RFC7858]
rsync		873/tcp
imaps		993/tcp				# IMAP over SSL
pop3s		995/tcp				# POP-3 over SSL
openvpn		1194/tcp
openvpn		1194/udp
ms-sql-s	1433/tcp			# Microsoft SQL Server
mysql		3306/tcp
postgresql	5432/tcp	postgres	# PostgreSQL Database
mdns		5353/udp			# Multicast DNS
amqp		5672/tcp
x11		6000/tcp	x11-0		# X Window System
redis		6379/tcp
bbs		7000/tcp
http-alt	8080/tcp	webcache	# WWW caching service
http-alt	8080/udp
tproxy		8081/tcp			# Transparent Proxy
`;

const PROTOCOLS = `# Internet (IP) protocols
#
ip	0	IP		# internet protocol, pseudo protocol number
hopopt	0	HOPOPT		# IPv6 Hop-by-Hop Option [RFC1883]
icmp	1	ICMP		# internet control message protocol
igmp	2	IGMP		# Internet Group Management
ipencap	4	IP-ENCAP	# IP encapsulated in IP (officially \`\`IP'')
tcp	6	TCP		# transmission control protocol
udp	17	UDP		# user datagram protocol
dccp	33	DCCP		# Datagram Congestion Control Prot. [RFC4340]
ipv6	41	IPv6		# Internet Protocol, version 6
gre	47	GRE		# General Routing Encapsulation
esp	50	IPSEC-ESP	# Encap Security Payload [RFC2406]
ah	51	IPSEC-AH	# Authentication Header [RFC2402]
ipv6-icmp	58	IPv6-ICMP	# ICMP for IPv6
ospf	89	OSPFIGP		# Open Shortest Path First IGP
sctp	132	SCTP		# Stream Control Transmission Protocol
udplite	136	UDPLite		# UDP-Lite [RFC3828]
`;

const RT_TABLES = `#
# reserved values
#
255	local
254	main
253	default
0	unspec
#
# local
#
#1	inr.ruhep
`;

const hosts = (hostname: string): string => `127.0.0.1	localhost
127.0.1.1	${hostname}

# The following lines are desirable for IPv6 capable hosts
::1     localhost ip6-localhost ip6-loopback
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters
`;

/** The files that a fresh Debian has and that people look at. */
export function plantSkeleton(fs: Vfs, hostname: string): void {
  for (const directory of DIRECTORIES) fs.mkdir(directory);
  fs.chmod('/tmp', 0o1777);
  fs.chmod('/var/tmp', 0o1777);
  fs.chmod('/root', 0o700);
  for (const [path, target] of Object.entries(LINKS)) fs.symlink(target, path);
  const files: Record<string, string> = {
    '/etc/hostname': `${hostname}\n`,
    '/etc/hosts': hosts(hostname),
    '/etc/resolv.conf': '',
    '/etc/os-release': RELEASE,
    '/etc/debian_version': '12.8\n',
    '/etc/passwd': PASSWD,
    '/etc/group': GROUP,
    '/etc/services': SERVICES,
    '/etc/protocols': PROTOCOLS,
    '/etc/nsswitch.conf':
      'passwd:         files\ngroup:          files\nhosts:          files dns\nnetworks:       files\n',
    '/etc/iproute2/rt_tables': RT_TABLES,
    '/etc/shells': '/bin/sh\n/bin/bash\n/usr/bin/bash\n/usr/bin/sh\n',
    '/etc/issue': 'Debian GNU/Linux 12 \\n \\l\n\n',
  };
  for (const [path, text] of Object.entries(files)) {
    const written = fs.writeFile(path, text);
    invariant(written.ok, `a fresh disk takes ${path}`);
  }
}
