/** The items of a suspended execution, whatever the name of its node. */
import { type INode, type IWebhookData, type IWebhookFunctions, NodeConnectionTypes, Workflow } from 'n8n-workflow';
import { HiDreamApi } from '../../credentials/HiDreamApi.credentials';
import { closeEngine } from '../../harness/engine';
import { additionalDataFor } from '../../harness/engine/setting';
import { WebhookContext } from '../../harness/engine/core';
import { CredentialStore } from '../../harness/engine/credentialStore';
import { NodeTypeList } from '../../harness/engine/plan';
import { StylizeVideo } from '../../nodes/StylizeVideo/StylizeVideo.node';
import { readSuspendedItems } from '../../nodes/StylizeVideo/waiting/suspendedItems';

afterAll(closeEngine);

const ITEMS = [{ json: { task_id: 'task-1' } }];

function webhookOf(name: string): IWebhookFunctions {
	const node: INode = { id: 'n', name, type: 'hidream', typeVersion: 1, position: [0, 0], parameters: {} };
	const workflow = new Workflow({
		id: 'w',
		name: 'w',
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: new NodeTypeList({ hidream: new StylizeVideo() }),
		settings: {},
	});
	const stored = { ...workflow, name: 'w', connections: {}, nodes: [node], isArchived: false, activeVersionId: null, createdAt: new Date(), updatedAt: new Date() };
	const additionalData = additionalDataFor(new CredentialStore(new HiDreamApi()), 'trigger', stored);
	const input = { [NodeConnectionTypes.Main]: [[{ json: {} }]] };
	const runExecutionData = {
		resultData: { runData: {} },
		executionData: {
			contextData: { [`node:${name}`]: { hiDreamSuspended: JSON.stringify(ITEMS) } },
			nodeExecutionStack: [{ node, data: input, source: null }],
			metadata: {},
			waitingExecution: {},
			waitingExecutionSource: {},
		},
	};
	return new WebhookContext(
		workflow,
		node,
		additionalData,
		'trigger',
		{} as IWebhookData,
		[],
		runExecutionData as unknown as ConstructorParameters<typeof WebhookContext>[6],
	);
}

test.each([
	'Stylize',
	'It\'s "quoted" `so`',
	'a }} b {{ c',
	'back\\slash\\',
	'line\nbreak \u2028 \u2029',
	'视频 🎬',
	'constructor',
	'__proto__',
	'toString',
	'$json.x',
	'</script>',
	'%7B',
	'\\u0041',
])('the webhook reads the items of a node with the name %j', (name) => expect(readSuspendedItems(webhookOf(name))).toEqual(ITEMS));
