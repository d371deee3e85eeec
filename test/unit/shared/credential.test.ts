/** The account of a credential, its token, and that neither secret is revealed. */
import { bearerToken, fingerprintOf, redactorOf, secretOf, storeSession, usesApiKey } from '../../../nodes/shared/credential';
import type { Credential } from '../../../nodes/shared/credential';
import { exchangedCredential, keyCredential, tokenCredential } from '../support/credentials';

const DAY = 24 * 60 * 60 * 1_000;

test('uses the secret of the selected authentication', () => {
	const both = { accessToken: ' sk-1 ', apiKey: '\tkey-1\n' };
	expect(secretOf(tokenCredential(both))).toBe('sk-1');
	expect(secretOf(keyCredential(both))).toBe('key-1');
	expect(usesApiKey(tokenCredential())).toBe(false);
	expect(usesApiKey(keyCredential())).toBe(true);
});

test('ignores a secret that is no text', () => {
	expect(secretOf(tokenCredential({ accessToken: 7 }))).toBe('');
	expect(secretOf({ authentication: 'apiKey' })).toBe('');
});

describe('fingerprint', () => {
	test('is the same for the same account, however it is written', () => {
		const plain = fingerprintOf(tokenCredential());
		expect(fingerprintOf(tokenCredential({ accessToken: ' sk-access-token ' }))).toBe(plain);
		expect(fingerprintOf(tokenCredential({ baseUrl: ' https://api.hidream.test// ' }))).toBe(plain);
		for (const baseUrl of ['https://API.hidream.TEST', 'https://api.hidream.test:443/', 'HTTPS://api.hidream.test./', 'https://api.hidream.test/./']) {
			expect(fingerprintOf(tokenCredential({ baseUrl }))).toBe(plain);
		}
		expect(fingerprintOf(tokenCredential({ sessionToken: 'x', apiUserId: 'u', tasksPerMinute: 9 }))).toBe(plain);
	});

	test('differs for another secret or another Base URL', () => {
		const prints = [
			tokenCredential(),
			tokenCredential({ accessToken: 'sk-other' }),
			tokenCredential({ baseUrl: 'https://other.hidream.test' }),
			keyCredential(),
		].map(fingerprintOf);
		expect(new Set(prints).size).toBe(4);
	});

	test('does not reveal the secret', () => {
		expect(fingerprintOf(tokenCredential())).toMatch(/^[0-9a-f]{24}$/);
	});
});

describe('token to send', () => {
	test('is the access token, whatever is stored', () => {
		expect(bearerToken(tokenCredential({ sessionToken: 'not used' }), 0)).toBe('sk-access-token');
	});

	test.each(['', 'not used', '{}', 'null', '7', '"text"', '[]', '{"token":"t"}', '{"token":7,"account":"a"}', '{"account":"a"}', '{"tok'])(
		'ignores an invalid stored session: %s',
		(sessionToken) => expect(bearerToken(keyCredential({ sessionToken }), 0)).toBeUndefined(),
	);

	test('is the token of the session, and the session is plain text', () => {
		const session = { token: 't', issuedAt: 1, expiresAt: 2, account: 'a' };
		expect(JSON.parse(storeSession(session))).toEqual(session);
		expect(bearerToken(exchangedCredential(), 0)).toBe('session-token');
	});

	test.each<Credential>([{ apiKey: 'another-key' }, { baseUrl: 'https://other.hidream.test' }])('is none after an edit: %j', (edit) => {
		expect(bearerToken({ ...exchangedCredential(), ...edit }, 0)).toBeUndefined();
	});

	test('is none after the user switched to an access token and back', () => {
		const credential = exchangedCredential();
		expect(bearerToken({ ...credential, authentication: 'accessToken', accessToken: 'sk-2' }, 0)).toBe('sk-2');
		expect(bearerToken(credential, 0)).toBe('session-token');
	});

	test.each([
		['a day', DAY, DAY - 60_000],
		['ten minutes and one second', 601_000, 541_000],
		['five minutes', 300_000, 270_000],
		['a second', 1_000, 900],
	])('a token that lives for %s is renewed a minute, or a tenth of its life, before it expires', (_, life, renewal) => {
		const credential = exchangedCredential({ issuedAt: 5_000, expiresAt: 5_000 + life });
		expect(bearerToken(credential, 5_000 + renewal - 1)).toBe('session-token');
		expect(bearerToken(credential, 5_000 + renewal)).toBeUndefined();
		expect(bearerToken(credential, 5_000 + life + DAY)).toBeUndefined();
	});

	test('a token without an expiry is used until it is refused', () => {
		expect(bearerToken(exchangedCredential({ issuedAt: 0 }), 1_000 * DAY)).toBe('session-token');
	});

	test.each([1_000_000, 999_999, 0])('a clock that is wrong by more than the token\'s life does not cause endless renewal (%i)', (expiresAt) => {
		const credential = exchangedCredential({ issuedAt: 1_000_000, expiresAt });
		expect(bearerToken(credential, 1_000_001)).toBe('session-token');
	});
});

describe('redacts secrets', () => {
	test('every time they occur', () => {
		const credential = exchangedCredential({ token: 'ses.sion' }, { accessToken: 'sk-$&', apiKey: 'key+1' });
		const text = 'sk-$& key+1 ses.sion | Bearer ses.sion; sesXsion key+1';
		expect(redactorOf(credential)(text)).toBe('*** *** *** | Bearer ***; sesXsion ***');
	});

	test('also those of the other authentication, and with spaces around them', () => {
		expect(redactorOf(tokenCredential({ apiKey: ' key-1 ' }))('a key-1 b')).toBe('a *** b');
	});

	test('completely, if one is part of another', () => {
		expect(redactorOf(keyCredential({ accessToken: 'key-1', apiKey: 'key-1-and-more' }))('key-1-and-more')).toBe('***');
	});

	test('and keeps a text without secrets', () => {
		expect(redactorOf({})('text')).toBe('text');
		expect(redactorOf(tokenCredential({ accessToken: '  ' }))('text')).toBe('text');
	});
});
