/** Which hosts are this machine, and which cannot be reached from the public internet. */

/** Names of no public host: empty, single words (`minio`), an empty label, names of this machine or of a router, and endings that only private networks use. */
const PRIVATE_NAME = /^[^.]*$|^\.|\.\.|(^|\.)(localtest\.me|lvh\.me|fritz\.box)$|\.(localhost|local|localdomain|internal|intranet|private|corp|home|home\.arpa|lan|test|invalid|onion)$/;

/** Blocks that are not globally reachable by IANA's registries of special-purpose addresses. */
const PRIVATE_V4: readonly string[] = [
	'0.0.0.0/8', // this network
	'10.0.0.0/8', // private
	'100.64.0.0/10', // behind a carrier's NAT
	'127.0.0.0/8', // loopback
	'169.254.0.0/16', // link-local, where clouds keep their metadata
	'172.16.0.0/12', // private
	'192.0.0.0/24', // protocol assignments
	'192.0.2.0/24', // documentation
	'192.168.0.0/16', // private
	'198.18.0.0/15', // benchmarks
	'198.51.100.0/24', // documentation
	'203.0.113.0/24', // documentation
	'224.0.0.0/4', // multicast
	'240.0.0.0/4', // reserved, broadcast
];

const PRIVATE_V6: readonly string[] = [
	'::/128', // no address
	'::1/128', // loopback
	'64:ff9b:1::/48', // NAT64 of a private network
	'100::/32', // discard-only, dummy
	'2001::/23', // protocol assignments, Teredo
	'2001:db8::/32', // documentation
	'3fff::/20', // documentation
	'5f00::/16', // segment routing
	'fc00::/7', // private
	'fe80::/10', // link-local
	'fec0::/10', // site-local
	'ff00::/8', // multicast
];

/** IPv6 blocks that contain an IPv4 address, and the bit at which it begins. */
const V4_IN_V6: ReadonlyArray<readonly [block: string, at: number]> = [
	['::/96', 96], // IPv4-compatible
	['::ffff:0:0/96', 96], // IPv4-mapped
	['::ffff:0:0:0/96', 96], // IPv4-translated
	['64:ff9b::/96', 96], // NAT64
	['2002::/16', 16], // 6to4
];

const binary = (numbers: number[], digits: number): string =>
	numbers.map((number) => number.toString(2).padStart(digits, '0')).join('');

/** An address in its plain form as 32 or 128 binary digits; undefined for a name. */
function bitsOf(host: string): string | undefined {
	if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return binary(host.split('.').map(Number), 8);
	if (!host.includes(':')) return undefined;
	const [front = [], back = []] = host.split('::').map((half) => half.split(':').filter((group) => group !== ''));
	const zeros = Array<string>(8 - front.length - back.length).fill('0');
	return binary([...front, ...zeros, ...back].map((group) => parseInt(group, 16)), 16);
}

/** Whether an address is in a block such as `10.0.0.0/8`. */
function isIn(address: string, block: string): boolean {
	const [start = '', length] = block.split('/');
	const bits = bitsOf(start) ?? '';
	return address.length === bits.length && address.startsWith(bits.slice(0, Number(length)));
}

/** `[::1]` → `::1`; final dots go. */
const bare = (hostname: string): string => hostname.toLowerCase().replace(/^\[|\]$/g, '').replace(/\.+$/, '');

/**
 * Whether `hostname` is this machine's own loopback. Takes `URL.hostname`, which has brought numeric
 * spellings (`0x7f.1`) to the plain form already.
 */
export function isLoopbackHost(hostname: string): boolean {
	const host = bare(hostname);
	const address = bitsOf(host);
	if (address === undefined) return host === 'localhost' || host.endsWith('.localhost');
	return ['127.0.0.0/8', '::1/128', '::ffff:7f00:0/104'].some((block) => isIn(address, block));
}

/**
 * Whether `hostname` (of a `URL`) is loopback, private, link-local or reserved: HiDream could never fetch from
 * it. A public name that resolves to such an address is not recognized: a node cannot resolve names.
 */
export function isPrivateHost(hostname: string): boolean {
	const host = bare(hostname);
	const address = bitsOf(host);
	if (address === undefined) return PRIVATE_NAME.test(host);
	if ([...PRIVATE_V4, ...PRIVATE_V6].some((block) => isIn(address, block))) return true;
	const inner = V4_IN_V6.find(([block]) => isIn(address, block));
	if (!inner) return false;
	const [, at] = inner;
	return PRIVATE_V4.some((block) => isIn(address.slice(at, at + 32), block));
}

/**
 * Whether a URL with this host can be fetched.
 * @param sameMachine the service runs on this machine (a loopback base URL), and reaches its loopback hosts
 */
export const isReachableHost = (hostname: string, sameMachine: boolean): boolean =>
	!isPrivateHost(hostname) || (sameMachine && isLoopbackHost(hostname));
