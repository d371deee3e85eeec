/** Any host and URL: private hosts are found in any spelling. */
import { BlockList } from 'node:net';
import fc from 'fast-check';
import { parseBaseUrl } from '../../../../nodes/hidream/endpoints';
import { isLoopbackHost, isPrivateHost } from '../../../../nodes/hidream/hosts';
import { baseUrlText } from '../../../../nodes/shared/messages/aboutInput';
import { unusableUrl } from '../../../../nodes/shared/messages/aboutVideos';

const V4: Array<[string, number]> = [
	['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12],
	['192.0.0.0', 24], ['192.0.2.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24],
	['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
];
const V6: Array<[string, number]> = [
	['::', 128], ['::1', 128], ['fc00::', 7], ['fe80::', 10], ['fec0::', 10], ['ff00::', 8], ['2001:db8::', 32], ['100::', 64],
];

const oracle = new BlockList();
for (const [net, prefix] of V4) oracle.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of V6) oracle.addSubnet(net, prefix, 'ipv6');

const hostOf = (written: string): string => new URL(`http://${written}/`).hostname;

/** Any IPv4 address, half of them at the border of a block. */
const number = fc.oneof(
	fc.nat(0xffffffff),
	fc.tuple(fc.constantFrom(...V4), fc.constantFrom(-1, 0, 1), fc.boolean()).map(([[net, prefix], off, end]) => {
		const start = net.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
		return (start + (end ? 2 ** (32 - prefix) : 0) + off + 2 ** 32) % 2 ** 32;
	}),
);
const dotted = (value: number): string => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');

test('classifies an IPv4 address in any spelling', () => {
	const spelling = fc.constantFrom<(n: number) => string>(
		dotted,
		String,
		(n) => `0x${n.toString(16)}`,
		(n) => `0${n.toString(8)}`,
		(n) => `${dotted(n)}.`,
		(n) => `${Math.floor(n / 2 ** 24)}.${n % 2 ** 24}`,
	);
	fc.assert(
		fc.property(number, spelling, (value, spell) => {
			expect(isPrivateHost(hostOf(spell(value)))).toBe(oracle.check(dotted(value), 'ipv4'));
			expect(isLoopbackHost(hostOf(spell(value)))).toBe(value >= 0x7f000000 && value <= 0x7fffffff);
		}),
		{ numRuns: 250 },
	);
});

test('an IPv4 address inside IPv6 is as private as it is alone', () => {
	const hex = (value: number) => `${Math.floor(value / 65536).toString(16)}:${(value % 65536).toString(16)}`;
	const inside = fc.constantFrom<(n: number) => string>(
		(n) => `[::ffff:${dotted(n)}]`,
		(n) => `[0:0:0:0:0:FFFF:${hex(n)}]`,
		(n) => `[::${dotted(n)}]`,
		(n) => `[64:ff9b::${dotted(n)}]`,
		(n) => `[2002:${hex(n)}::1]`,
		(n) => `[2002:${hex(n)}:808:808::808:808]`,
	);
	fc.assert(
		fc.property(number, inside, (value, write) => {
			expect(isPrivateHost(hostOf(write(value)))).toBe(oracle.check(dotted(value), 'ipv4'));
		}),
		{ numRuns: 250 },
	);
});

test('an IPv6 address in one of the blocks is private, whatever follows the prefix', () => {
	const groups = fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 });
	const first = fc.oneof(fc.nat(0xffff), fc.constantFrom(0xfbff, 0xfc00, 0xfdff, 0xfe7f, 0xfe80, 0xfebf, 0xfec0, 0xfeff, 0xff00));
	fc.assert(
		fc.property(first, groups, fc.boolean(), (start, rest, doc) => {
			const address = [...(doc ? [0x2001, 0xdb8] : [start, rest[0] ?? 0]), ...rest.slice(2)].map((n) => n.toString(16)).join(':');
			if (oracle.check(address, 'ipv6')) expect(isPrivateHost(hostOf(`[${address}]`))).toBe(true);
		}),
		{ numRuns: 250 },
	);
});

test('accepts ordinary internet addresses', () => {
	const global = fc.tuple(fc.integer({ min: 0x2400, max: 0x2fff }), fc.array(fc.nat(0xffff), { minLength: 7, maxLength: 7 }));
	fc.assert(
		fc.property(global, ([first, rest]) => {
			expect(isPrivateHost(hostOf(`[${[first, ...rest].map((n) => n.toString(16)).join(':')}]`))).toBe(false);
		}),
	);
	fc.assert(fc.property(fc.domain(), (name) => void expect(isPrivateHost(`${name}x.com`)).toBe(false)));
});

test('no text crashes the URL checks, and each accepted URL is http(s) without a private host', () => {
	const scheme = fc.constantFrom('http', 'https', 'HTTP', 'file', 'ftp', 'data', 'javascript', 'gopher', 'ws', '');
	const text = fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.tuple(scheme, fc.string()).map(([s, rest]) => `${s}://${rest}`));
	fc.assert(
		fc.property(text, (written) => {
			const reason = unusableUrl(written, false);
			if (reason === undefined) {
				expect(['http:', 'https:']).toContain(new URL(written).protocol);
				expect(isPrivateHost(new URL(written).hostname)).toBe(false);
			} else expect(reason).toMatch(/\S/);
			const base = parseBaseUrl(written);
			if (!base.ok) return void expect(baseUrlText(base.reason)).toMatch(/\S/);
			const { protocol, hostname, username } = new URL(base.url);
			expect([protocol, username]).toEqual([isLoopbackHost(hostname) && protocol === 'http:' ? 'http:' : 'https:', '']);
		}),
		{ numRuns: 500 },
	);
});
