/** Any redirects of a download: never to a host inside the network, never with the token. */
import { BlockList, isIP } from 'node:net';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import type { IBinaryData, IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { downloadVideo } from '../../../../nodes/video/download';
import { strictDouble } from '../../support/strictDouble';

const inside = new BlockList();
for (const [net, prefix] of [['0.0.0.0', 8], ['10.0.0.0', 8], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.168.0.0', 16]] as const) {
	inside.addSubnet(net, prefix, 'ipv4');
}
for (const [net, prefix] of [['::', 127], ['fc00::', 7], ['fe80::', 10]] as const) inside.addSubnet(net, prefix, 'ipv6');

function isInside(hostname: string): boolean {
	const host = hostname.replace(/^\[|\]$/g, '');
	const version = isIP(host);
	if (version === 0) return /(^|\.)localhost\.?$/.test(host) || !host.includes('.');
	return inside.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

const hosts = fc.oneof(
	fc.domain(),
	fc.ipV4(),
	fc.ipV4Extended(),
	fc.ipV6().map((address) => `[${address}]`),
	fc.constantFrom('localhost', 'LOCALHOST.', '127.1', '0', '[::1]', '[::ffff:10.0.0.1]', '169.254.169.254', 'minio', 'media.example.com', 'u:p@10.0.0.1', 'example.com@127.0.0.1'),
);
const schemes = fc.constantFrom('http://', 'https://', 'HTTPS://', '//', 'file://', 'ftp://', 'data:', 'javascript:', '\\\\', '');
const addresses = fc.oneof(
	fc.tuple(schemes, hosts, fc.webPath()).map((parts) => parts.join('')),
	fc.string({ unit: 'binary' }),
	fc.webUrl(),
);

test('requests no private host, wherever HiDream and the hosts redirect', async () => {
	let requestCount = 0;
	await fc.assert(
		fc.asyncProperty(addresses, fc.array(addresses, { maxLength: 7 }), async (url, locations) => {
			const requests: IHttpRequestOptions[] = [];
			const left = [...locations];
			const helpers = strictDouble<IExecuteFunctions['helpers']>('helpers', {
				httpRequest: async (options) => {
					requests.push(options);
					const location = left.shift();
					const headers = location === undefined ? {} : { location };
					return { statusCode: location === undefined ? 200 : 302, headers, body: Readable.from([Buffer.from('video')]) };
				},
				prepareBinaryData: async (stream) => {
					for await (const chunk of stream as Readable) void chunk;
					return { data: '', mimeType: 'video/mp4' } satisfies IBinaryData;
				},
			});
			const caller = strictDouble<IExecuteFunctions>('caller', { helpers });
			const downloaded = await downloadVideo(caller, { url, maxBytes: 0, sameMachine: false });
			requestCount += requests.length;
			expect(requests.length).toBeLessThanOrEqual(6);
			for (const options of requests) {
				const { protocol, hostname } = new URL(options.url);
				expect(['http:', 'https:']).toContain(protocol);
				expect(isInside(hostname)).toBe(false);
				expect(options.disableFollowRedirect).toBe(true);
				expect(Object.keys(options.headers ?? {}).sort()).toEqual(['Accept', 'Accept-Encoding']);
			}
			if (!downloaded.ok) expect(downloaded.reason).toMatch(/^The video could not be downloaded: its (address|URL|host) \S/);
		}),
		{ numRuns: 100 },
	);
	expect(requestCount).toBeGreaterThan(30);
});
