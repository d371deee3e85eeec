/** Which hosts are this machine or a private net, in every spelling that `URL` takes. */
import { isLoopbackHost, isPrivateHost } from '../../../nodes/hidream/hosts';

const hostOf = (written: string): string => new URL(`http://${written}/`).hostname;

describe('this machine itself', () => {
	test.each([
		'localhost',
		'LOCALHOST',
		'localhost.',
		'localhost:8080',
		'api.localhost',
		'a.b.localhost.',
		'127.0.0.1',
		'127.0.0.1.',
		'127.255.255.254',
		'127.1',
		'2130706433',
		'0x7f000001',
		'0x7f.1',
		'0177.0.0.1',
		'0177.0x0.1',
		'%6cocalhost',
		'１２７.０.０.１',
		'[::1]',
		'[0:0:0:0:0:0:0:1]',
		'[::ffff:127.0.0.1]',
		'[::ffff:7f00:1]',
		'[::FFFF:7F12:3456]',
	])('%s', (written) => {
		expect(isLoopbackHost(hostOf(written))).toBe(true);
		expect(isPrivateHost(hostOf(written))).toBe(true);
	});
});

describe('private, but not this machine', () => {
	test.each([
		'0.0.0.0',
		'0',
		'10.0.0.1',
		'10.255.255.255',
		'167772161',
		'012.0.0.1',
		'100.64.0.1',
		'100.127.255.255',
		'169.254.169.254',
		'172.16.0.1',
		'172.31.255.255',
		'192.168.0.1',
		'0xc0a80001',
		'[::]',
		'[fc00::1]',
		'[fd12:3456::1]',
		'[fe80::1]',
		'[febf::1]',
		'[::ffff:10.0.0.1]',
		'[::ffff:169.254.169.254]',
		'[::ffff:c0a8:1]',
		'minio',
		'minio.',
		'n8n-main',
		'printer.local',
		'metadata.google.internal',
		'metadata.google.internal.',
		'host.docker.internal',
		'router.lan',
		'nas.home.arpa',
	])('%s', (written) => {
		expect(isLoopbackHost(hostOf(written))).toBe(false);
		expect(isPrivateHost(hostOf(written))).toBe(true);
	});
});

describe('public', () => {
	test.each([
		'www.hidreamai.com',
		'www.hidreamai.com.',
		'example.com:8443',
		'8.8.8.8',
		'1.1.1.1',
		'9.255.255.255',
		'11.0.0.1',
		'100.63.255.255',
		'100.128.0.1',
		'126.255.255.255',
		'128.0.0.1',
		'169.253.1.1',
		'169.255.1.1',
		'172.15.255.255',
		'172.32.0.1',
		'192.167.1.1',
		'192.169.1.1',
		'[2001:4860:4860::8888]',
		'[2606:4700::1111]',
		'[::ffff:8.8.8.8]',
		'localhost.example.com',
		'localhost.com',
		'notlocalhost.com',
		'127.0.0.1.nip.io',
		'10.0.0.1.example.com',
		'local.example.com',
		'internal.example.com',
		'mylan.example',
		'fc00.example.com',
		'xn--fiqs8s.example',
	])('%s', (written) => {
		expect(isLoopbackHost(hostOf(written))).toBe(false);
		expect(isPrivateHost(hostOf(written))).toBe(false);
	});
});
