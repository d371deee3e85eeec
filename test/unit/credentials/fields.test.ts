/** The credential's fields are a public contract: saved credentials depend on their names, values and defaults. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { INodePropertyOptions } from 'n8n-workflow';
import { HiDreamApi } from '../../../credentials/HiDreamApi.credentials';

const credential = new HiDreamApi();

function field(name: string) {
	const [found, ...more] = credential.properties.filter((property) => property.name === name);
	if (!found || more.length > 0) throw new Error(`There is not one field "${name}"`);
	return found;
}

const valuesOf = (name: string) => (field(name).options as INodePropertyOptions[]).map(({ value }) => value).sort();

test('its name', () => {
	expect(credential).toMatchObject({ name: 'hiDreamApi', displayName: 'HiDream API' });
	expect(credential.documentationUrl).toMatch(/^https:\/\//);
});

test('its icons are there', () => {
	const { light, dark } = credential.icon as { light: string; dark: string };
	for (const icon of [light, dark]) {
		expect(existsSync(resolve(__dirname, '../../../credentials', icon.replace(/^file:/, '')))).toBe(true);
	}
});

test('fields and defaults', () => {
	expect(Object.fromEntries(credential.properties.map(({ name, type, default: value }) => [name, [type, value]]))).toEqual({
		authentication: ['options', 'accessToken'],
		accessToken: ['string', ''],
		apiKey: ['string', ''],
		sessionToken: ['hidden', ''],
		baseUrl: ['string', 'https://www.hidreamai.com'],
		accountLevel: ['options', 'free'],
		parallelTasks: ['number', 1],
		tasksPerMinute: ['number', 2],
		apiUserId: ['string', ''],
	});
});

test('values', () => {
	expect(valuesOf('authentication')).toEqual(['accessToken', 'apiKey']);
	expect(valuesOf('accountLevel')).toEqual(['custom', 'free', 'level1', 'level2', 'level3', 'level4']);
});

test.each([
	['free', '1'],
	['level1', '3'],
	['level2', '5'],
	['level3', '7'],
	['level4', '10'],
])('the account level %s says how many tasks it may run: %s', (value, tasks) => {
	const option = (field('accountLevel').options as INodePropertyOptions[]).find((one) => one.value === value);
	expect(option?.name).toMatch(new RegExp(`\\(${tasks} Parallel Tasks?\\)`));
});

test.each(['accessToken', 'apiKey', 'sessionToken'])('%s is a password', (name) => {
	expect(field(name).typeOptions).toMatchObject({ password: true });
});

test('the session token is n8n\'s to renew, and hidden', () => {
	expect(field('sessionToken')).toMatchObject({ type: 'hidden', typeOptions: { expirable: true } });
});

test('each way of authentication shows its own secret', () => {
	expect(field('accessToken').displayOptions).toEqual({ show: { authentication: ['accessToken'] } });
	expect(field('apiKey').displayOptions).toEqual({ show: { authentication: ['apiKey'] } });
	expect(field('parallelTasks').displayOptions).toEqual({ show: { accountLevel: ['custom'] } });
});
