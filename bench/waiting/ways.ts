import type { IConnections } from 'n8n-workflow';
import type { WorkflowJson } from '../../harness/n8n/workflow';
import { SUBMIT_PATH } from '../machine/bareClient';
import type { Service } from '../machine/service';
import { chain, hidreamStep, markStep, step, type Step } from '../n8n/workflow';
import type { WayRow } from './raw';

/** What a workflow needs to know. */
export interface Setting {
	service: Pick<Service, 'url' | 'accessToken'>;
	/** Called once by each run that has its results. */
	endUrl: string;
	pollSeconds: number;
}

/** One way to wait. */
export interface Way extends WayRow {
	workflow: (setting: Setting) => WorkflowJson;
}

/** The last node of every workflow; its items are the results. */
export const LAST = 'Done';

const STYLE = 'anime';

const PATH = 'wait';

/** Submits in flight, if that can be set. */
const CONCURRENCY = 10;

const split = (): Step => step('Items', 'n8n-nodes-base.splitOut', { fieldToSplitOut: 'body.items', options: {} });

const inLine = ({ endUrl }: Setting, ...steps: Step[]): WorkflowJson => chain(PATH, [split(), ...steps, markStep(LAST, endUrl)], 'immediately');

const thisNode = (waitFor: 'polling' | 'callback') => (setting: Setting): WorkflowJson => {
	// Unlimited parallel tasks, since this is about the waiting.
	const options = { pollInterval: setting.pollSeconds, parallelTasks: 0, concurrency: CONCURRENCY };
	return inLine(setting, hidreamStep({ operation: 'submitAndWait', inputType: 'url', videoUrl: '={{ $json.videoUrl }}', style: STYLE, waitFor, options }));
};

const pollEach = (setting: Setting): WorkflowJson => {
	const { service, pollSeconds } = setting;
	const parameters = { url: service.url + SUBMIT_PATH, accessToken: service.accessToken, pollSeconds: String(pollSeconds), videoUrl: '={{ $json.videoUrl }}' };
	return inLine(setting, step('Poll each', 'n8n-nodes-hidream-bench.pollEach', parameters));
};

const to = (...nodes: string[]): IConnections[string] => ({ main: nodes.map((node) => [{ node, type: 'main', index: 0 }]) });

/** The usual workflow of n8n's own nodes: submit, wait, status request, and back to the wait until the task has ended. */
const loop = (setting: Setting): WorkflowJson => {
	const { service, pollSeconds } = setting;
	const header = { sendHeaders: true, headerParameters: { parameters: [{ name: 'Authorization', value: `Bearer ${service.accessToken}` }] }, options: {} };
	const url = service.url + SUBMIT_PATH;
	const body = { sendBody: true, specifyBody: 'json', jsonBody: `={{ { style: "${STYLE}", video_name: $json.videoUrl } }}` };
	const query = { sendQuery: true, queryParameters: { parameters: [{ name: 'task_id', value: '={{ $json.result.task_id }}' }] } };
	const isDone = { number: [{ value1: '={{ $json.result.sub_task_results[0].task_status }}', operation: 'equal', value2: 1 }] };
	const workflow = inLine(
		setting,
		step('Submit', 'n8n-nodes-base.httpRequest', { method: 'POST', url, ...body, ...header }, { typeVersion: 4.2 }),
		step('Wait', 'n8n-nodes-base.wait', { amount: pollSeconds, unit: 'seconds' }, { typeVersion: 1.1 }),
		step('Ask', 'n8n-nodes-base.httpRequest', { url: `${url}/results`, ...query, ...header }, { typeVersion: 4.2 }),
		step('Is it done?', 'n8n-nodes-base.if', { conditions: isDone }),
	);
	return { ...workflow, connections: { ...workflow.connections, 'Is it done?': to(LAST, 'Wait') } };
};

/** All compared ways. */
export function waysFor(tasks: number): Way[] {
	return [
		{ name: 'polling-one', label: 'this node, polling', executions: 1, waitsFor: 'polling', workflow: thisNode('polling') },
		{ name: 'callback-one', label: 'this node, callback', executions: 1, waitsFor: 'callback', workflow: thisNode('callback') },
		{ name: 'each-one', label: 'one question per task', executions: 1, waitsFor: 'each task', workflow: pollEach },
		{ name: 'polling-many', label: 'this node, polling', executions: tasks, waitsFor: 'polling', workflow: thisNode('polling') },
		{ name: 'callback-many', label: 'this node, callback', executions: tasks, waitsFor: 'callback', workflow: thisNode('callback') },
		{ name: 'each-many', label: 'Wait and HTTP Request in a loop', executions: tasks, waitsFor: 'each task', workflow: loop },
	];
}
