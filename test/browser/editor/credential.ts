import type { InEditor } from '../support/useEditor';
import { choicesOf, credentialField } from '../support/description';
import { nodeName } from '../support/useEditor';
import type { CredentialWindow } from '../../../harness/browser/credentialWindow';
import type { NodePanel } from '../../../harness/browser/nodePanel';

/** A credential is made, tested and saved in its window. */
export function credentials(on: InEditor): void {
	async function openNode(): Promise<NodePanel> {
		const editor = await on.editor();
		await editor.openWorkflow((await on.workflow({ operation: 'submit' })).id);
		return await editor.openNode(nodeName);
	}

	async function newCredential(node: NodePanel): Promise<CredentialWindow> {
		const window = await node.newCredential();
		await window.fill('baseUrl', on.sandbox.url);
		return window;
	}

	afterEach(() => expect(on.sandbox.tasks).toHaveLength(0));

	test('the fields follow the authentication and the account level', async () => {
		const window = await newCredential(await openNode());
		expect(await window.fields()).toEqual(expect.arrayContaining(['Authentication', 'Access Token', 'Base URL', 'Account Level', 'Tasks per Minute', 'API User ID']));
		expect(await window.fields()).not.toContain('API Key');
		await window.choose('authentication', 'API Key');
		await window.field('apiKey').waitFor();
		expect(await window.fields()).not.toContain('Access Token');
		expect(await window.fields()).not.toContain('Parallel Tasks');
		await window.choose('accountLevel', 'Custom');
		await window.field('parallelTasks').waitFor();
	});

	test('the dropdowns offer what the credential describes, in its order', async () => {
		const window = await newCredential(await openNode());
		for (const name of ['authentication', 'accountLevel']) {
			const wanted = choicesOf(credentialField(name));
			expect(await window.choices(name)).toEqual(wanted);
			expect(wanted.length).toBeGreaterThan(1);
		}
	});

	test('a bad access token is told in words; a good one is saved and tested', async () => {
		const node = await openNode();
		const window = await newCredential(node);
		await window.fill('accessToken', 'sk-wrong-token-0815-cafe');
		const words = await window.saveBad();
		expect(words).toContain('HiDream rejected the token');
		expect(words).not.toContain('0815');

		await window.fill('accessToken', on.sandbox.accessToken);
		await window.saveGood();
		const again = await node.editCredential();
		expect(await again.success()).toContain('Connection tested successfully');
		await again.close();
	});

	test('a bad API key is told in words; a good one is saved and tested', async () => {
		const node = await openNode();
		const window = await newCredential(node);
		await window.choose('authentication', 'API Key');
		await window.fill('apiKey', 'wrong.api.key-0815-cafe');
		const words = await window.saveBad();
		expect(words).toMatch(/API key/);
		expect(words).not.toContain('0815');

		await window.fill('apiKey', on.sandbox.apiKey);
		await window.saveGood();
		const again = await node.editCredential();
		expect(await again.success()).toContain('Connection tested successfully');
		await again.close();
	});
}
