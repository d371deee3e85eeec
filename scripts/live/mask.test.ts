/** Nothing printed or recorded contains a secret. */
import { masked, maskedHeaders, maskOf, shapeOf } from './mask';

const mask = maskOf(['sk-a/b"c+1', '', 'sk-a']);

test.each([
	['unchanged', 'Bearer sk-a/b"c+1.', 'Bearer ***.'],
	['in JSON', '{"token":"sk-a/b\\"c+1"}', '{"token":"***"}'],
	['in a URL', 'token=sk-a%2Fb%22c%2B1&x', 'token=***&x'],
	['as base64', `Basic ${Buffer.from('sk-a/b"c+1').toString('base64')}`, 'Basic ***'],
	['the shorter of two', 'sk-a', '***'],
	['a signed address', 'at https://cdn.example.com/a.mp4?sign=abc&e=1 and on', 'at https://cdn.example.com/a.mp4?*** and on'],
	['a plain address', 'https://cdn.example.com/a.mp4', 'https://cdn.example.com/a.mp4'],
])('%s', (_name, text, clean) => {
	expect(mask(text)).toBe(clean);
});

test('masks anywhere in a JSON value', () => {
	expect(masked({ 'sk-a': ['x', { y: 'sk-a!', n: 1, z: null }] }, mask)).toEqual({ '***': ['x', { y: '***!', n: 1, z: null }] });
});

test('masks the values of identifying and secret fields, and keeps their names', () => {
	const body = { session_token: 'abc', Phone: 139, email: null, tokens: [{ apiKey: 'k', left: 2 }], task_id: 't' };
	expect(masked(body, mask)).toEqual({ session_token: '***', Phone: '***', email: '***', tokens: [{ apiKey: '***', left: 2 }], task_id: 't' });
});

test('a shape has all names and no values', () => {
	expect(shapeOf({ a: 'xyz', b: [1, { c: true, d: null }] })).toEqual({ a: 'a text of 3 characters', b: ['a number', { c: 'a boolean', d: null }] });
});

test('masks identifying headers, and keeps their names', () => {
	const headers = { authorization: 'Bearer x', 'set-cookie': 's=1', 'x-forwarded-for': '192.0.2.1', 'x-signature': 'abc', 'content-type': 'text/plain', date: 'now' };
	expect(maskedHeaders(headers)).toEqual({ ...headers, authorization: '***', 'set-cookie': '***', 'x-forwarded-for': '***', 'x-signature': '***' });
});
