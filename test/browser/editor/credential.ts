import type { EditorContext } from '../support/editor';
import { choicesOf, credentialField } from '../support/description';
import { nodeName } from '../support/editor';
import type { CredentialWindow } from '../../../harness/browser/credentialWindow';
import type { NodePanel } from '../../../harness/browser/nodePanel';

/** The window in which a user creates, tests and saves a credential. */
export function credentials(on: EditorContext): void {
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

	test('shows the options and fields of the credential', async () => {
		const window = await newCredential(await openNode());
		for (const name of ['authentication', 'accountLevel']) {
			const wanted = choicesOf(credentialField(name));
			expect(await window.choices(name)).toEqual(wanted);
			expect(wanted.length).toBeGreaterThan(1);
		}
		expect(await window.fields()).toEqual(expect.arrayContaining(['Authentication', 'Access Token', 'Base URL', 'Account Level', 'Tasks per Minute', 'Retry Codes']));
		for (const absent of ['API Key', 'API User ID']) expect(await window.fields()).not.toContain(absent);
		await window.choose('authentication', 'API Key');
		await window.field('apiKey').waitFor();
		expect(await window.fields()).not.toContain('Access Token');
		expect(await window.fields()).not.toContain('Parallel Tasks');
		await window.choose('accountLevel', 'Custom');
		await window.field('parallelTasks').waitFor();
	});

	test('a wrong access token shows an error without the token; a valid one is tested and saved', async () => {
		const node = await openNode();
		const window = await newCredential(node);
		await window.fill('accessToken', 'sk-wrong-token-0815-cafe');
		const words = await window.saveBad();
		expect(words).toContain('HiDream refused the token');
		expect(words).not.toContain('0815');

		await window.fill('accessToken', on.sandbox.accessToken);
		await window.saveGood();
		const again = await node.editCredential();
		expect(await again.success()).toContain('Connection tested successfully');
		await again.close();
	});
}
