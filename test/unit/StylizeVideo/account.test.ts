/** The account of each item, from its credential. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { Accounts, readAccountLimits } from '../../../nodes/StylizeVideo/account';
import { InvalidInput } from '../../../nodes/shared/input';
import { BASE_URL, keyCredential, tokenCredential } from '../support/credentials';
import { fakeExecuteFunctions } from '../support/executeFunctions';
import type { NodeSetup } from '../support/executeFunctions';
import { strictDouble } from '../support/strictDouble';

const accountsOf = (credential: NodeSetup['credential']) => new Accounts(fakeExecuteFunctions({ credential }));

test('reads the account from the credential', async () => {
	const credential = tokenCredential({ baseUrl: ` ${BASE_URL}/ ` });
	const account = await accountsOf(credential).forItem(0);
	expect(account).toMatchObject({ baseUrl: BASE_URL, sameMachine: false });
	expect(account.credential).toBe(credential);
	expect(JSON.stringify(account.key)).not.toContain('sk-access-token');
});

test('accepts a Base URL on this machine', async () => {
	expect(await accountsOf(tokenCredential({ baseUrl: 'http://localhost:1234' })).forItem(0)).toMatchObject({ sameMachine: true });
});

test('items with the same account share it, so that a renewed token serves all', async () => {
	const accounts = accountsOf([keyCredential(), keyCredential({ tasksPerMinute: 5 }), keyCredential({ apiKey: 'other' })]);
	const [first, second, third] = [await accounts.forItem(0), await accounts.forItem(1), await accounts.forItem(2)];
	expect(second.credential).toBe(first.credential);
	expect(third.credential).not.toBe(first.credential);
	expect(third.key).not.toBe(first.key);
});

test.each([undefined, '', 7, 'www.hidreamai.com', 'http://hidream.example', 'https://a:b@hidream.example'])(
	'rejects the Base URL %p',
	async (baseUrl) => {
		const credential = { ...tokenCredential(), baseUrl } as NodeSetup['credential'];
		const forItem = accountsOf(credential).forItem(0);
		await expect(forItem).rejects.toBeInstanceOf(InvalidInput);
		await expect(forItem).rejects.toThrow('"Base URL" in the HiDream API credential');
	},
);

test.each([
	[tokenCredential({ accessToken: ' ' }), '"Access Token" in the HiDream API credential is empty'],
	[keyCredential({ apiKey: '' }), '"API Key" in the HiDream API credential is empty'],
	[tokenCredential({ accessToken: 'sk-1\nsk-2' }), '"Access Token" in the HiDream API credential contains characters'],
	[keyCredential({ apiKey: 'key with blanks' }), '"API Key" in the HiDream API credential contains characters'],
	[keyCredential({ apiKey: 'schlüssel' }), '"API Key" in the HiDream API credential contains characters'],
	[tokenCredential({ accessToken: '…' }), '"Access Token" in the HiDream API credential contains characters'],
])('rejects a secret that cannot be sent in a header', async (credential, what) => {
	const forItem = accountsOf(credential).forItem(0);
	await expect(forItem).rejects.toBeInstanceOf(InvalidInput);
	await expect(forItem).rejects.toThrow(what);
	await expect(forItem).rejects.not.toThrow(/sk-1|key with|schl/);
});

test('a credential that n8n cannot read is a failure of the account, not of the item', async () => {
	const getCredentials = async () => await Promise.reject(new Error('The credential cannot be decrypted'));
	const accounts = new Accounts(strictDouble<IExecuteFunctions>('context', { getCredentials }));
	await expect(accounts.forItem(0)).rejects.toMatchObject({ message: 'The credential cannot be decrypted', scope: 'account' });
});

describe('limits of a credential', () => {
	test.each([
		[{}, { parallelTasks: 1, tasksPerMinute: 2 }],
		[{ accountLevel: 'Level 3', tasksPerMinute: ' 1.5 ' }, { parallelTasks: 7, tasksPerMinute: 1.5 }],
		[{ accountLevel: 'Level 4 (10 Parallel Tasks)', parallelTasks: 2 }, { parallelTasks: 10, tasksPerMinute: 2 }],
		[{ accountLevel: 'CUSTOM', parallelTasks: '5', tasksPerMinute: 0 }, { parallelTasks: 5, tasksPerMinute: 0 }],
	])('%j', (credential, limits) => expect(readAccountLimits(credential)).toMatchObject(limits));

	test.each([
		[{ accountLevel: 'level9' }, '"Account Level (HiDream API Credential)"'],
		[{ accountLevel: 'custom', parallelTasks: 'many' }, '"Parallel Tasks (HiDream API Credential)"'],
		[{ accountLevel: 'custom', parallelTasks: -2 }, '"Parallel Tasks (HiDream API Credential)"'],
		[{ accountLevel: 'custom', parallelTasks: 1.5 }, '"Parallel Tasks (HiDream API Credential)"'],
		[{ tasksPerMinute: 'two' }, '"Tasks per Minute (HiDream API Credential)"'],
	])('rejects %j with its name', (credential, name) => expect(() => readAccountLimits(credential)).toThrow(name));
});
