/** Which hosts are this machine, and which ones nobody on the public internet can reach. */

/** Labels that name no public host: single words (`minio`), and the endings reserved for private use. */
const PRIVATE_NAME = /^[^.]+$|\.(localhost|local|internal|home\.arpa|lan)$/;

const octets = (host: string): number[] | undefined =>
	/^\d+\.\d+\.\d+\.\d+$/.test(host) ? host.split('.').map(Number) : undefined;

/** `[::1]` → `::1`; an IPv4 address inside IPv6 (`::ffff:7f00:1`) → `127.0.0.1`; a final dot goes. */
function bare(hostname: string): string {
	const host = hostname.toLowerCase().replace(/^\[|\]$/g, '').replace(/\.$/, '');
	const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host);
	if (!mapped) return host;
	const [high, low] = [parseInt(mapped[1] ?? '', 16), parseInt(mapped[2] ?? '', 16)];
	return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/**
 * Whether `hostname` is this machine's own loopback. Takes `URL.hostname`, which has brought numeric
 * spellings (`0x7f.1`) to the plain form already.
 */
export function isLoopbackHost(hostname: string): boolean {
	const host = bare(hostname);
	return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || octets(host)?.[0] === 127;
}

/** Whether `hostname` (of a `URL`) is loopback, private or link-local: HiDream could never fetch from it. */
export function isPrivateHost(hostname: string): boolean {
	const host = bare(hostname);
	if (isLoopbackHost(host)) return true;
	if (host.includes(':')) return /^(::$|f[cd]|fe[89ab])/.test(host);
	const address = octets(host);
	if (!address) return PRIVATE_NAME.test(host);
	const [a = 0, b = 0] = address;
	return (
		a === 0 ||
		a === 10 ||
		(a === 100 && b >= 64 && b < 128) ||
		(a === 169 && b === 254) ||
		(a === 172 && b >= 16 && b < 32) ||
		(a === 192 && b === 168)
	);
}
