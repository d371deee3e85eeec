/** What would make a wait by callback fail, set up in a real n8n: nothing is submitted. */
import type { INode, INodeParameters, IWorkflowSettings } from 'n8n-workflow';

import { executionAsleep, newestExecution } from '../../harness/n8n/execution';
import type { WorkflowJson } from '../../harness/n8n/workflow';
import { until, useN8n } from '../support/n8n';
import { byUrl, hidreamName, videoItem, webhookWorkflow } from '../support/workflows';

jest.setTimeout(180_000);

const on = useN8n({ taskSeconds: 3_600 });

const byCallback: INodeParameters = { ...byUrl, operation: 'submitAndWait', waitFor: 'callback' };

let count = 0;

/** Runs one item through a changed workflow by its webhook; gives the error's message and description, and the number of tasks. */
async function refusal(change: (workflow: WorkflowJson) => WorkflowJson, sleeps: boolean) {
	count += 1;
	const credential = await on.n8n.credential(on.sandbox);
	const workflow = change(webhookWorkflow(`obstacle-${count}`, { parameters: byCallback, sleeps }));
	const stored = await on.n8n.instance.importWorkflow(workflow, [credential]);
	await on.n8n.instance.activate(stored);
	await on.n8n.instance.callWebhook(stored.name, { items: [videoItem(1)] });
	const { error } = await on.n8n.instance.newestExecution(stored);
	return { error: `${error?.message} ${error?.description}`, tasks: on.sandbox.tasks.length };
}

const withSettings = (settings: IWorkflowSettings) => (workflow: WorkflowJson): WorkflowJson => ({ ...workflow, settings: { ...workflow.settings, ...settings } });

const renamed = (name: string) => (workflow: WorkflowJson): WorkflowJson => {
	const rename = (node: INode): INode => (node.name === 'Webhook' ? { ...node, name } : node);
	const { Webhook, ...connections } = workflow.connections;
	return { ...workflow, nodes: workflow.nodes.map(rename), connections: { ...connections, [name]: Webhook ?? {} } };
};

test.each([
	['a webhook that answers with the last node', (workflow: WorkflowJson) => workflow, false, 'Respond'],
	['such a webhook with a strange name', renamed('We"b}}hook \\ {{'), false, 'Respond'],
	['a workflow timeout shorter than Max Wait', withSettings({ executionTimeout: 600 }), true, 'timeout'],
])('%s: refused before anything is submitted', async (_, change, sleeps, setting) => {
	const { error, tasks } = await refusal(change, sleeps);
	expect(error).toContain(setting);
	expect(tasks).toBe(0);
});

test('a node whose name has any characters waits and gives the result', async () => {
	const name = `${hidreamName} }} "x" \\ {{ $json }} 視頻`;
	const credential = await on.n8n.credential(on.sandbox);
	const workflow = webhookWorkflow('any-name', { parameters: byCallback, sleeps: true });
	const nodes = workflow.nodes.map((node) => (node.name === hidreamName ? { ...node, name } : node));
	const text = JSON.stringify(workflow.connections).replaceAll(JSON.stringify(hidreamName), JSON.stringify(name));
	const stored = await on.n8n.instance.importWorkflow({ ...workflow, nodes, connections: JSON.parse(text) as WorkflowJson['connections'] }, [credential]);
	await on.n8n.instance.activate(stored);
	await on.n8n.instance.callWebhook(stored.name, { items: [videoItem(1)] });
	await until('the task is there', () => on.sandbox.tasks.length === 1);
	const id = await newestExecution(on.n8n.instance.rest, stored.id);
	await executionAsleep(on.n8n.instance.rest, id);
	on.sandbox.settle(on.sandbox.tasks[0]?.taskId ?? '', 'succeeded');
	const execution = await on.n8n.instance.execution(id);
	expect(execution.json(name).map(({ status }) => status)).toEqual(['succeeded']);
});
