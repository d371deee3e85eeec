/** Whether n8n keeps a file long enough for a link to it. */
import type { IExecuteFunctions, IWorkflowSettings } from 'n8n-workflow';
import { isDeletedAtEnd, isMovedAtEnd } from '../../../nodes/StylizeVideo/linkVideo';
import { strictDouble } from '../support/strictDouble';

interface Scene {
	mode?: 'integrated' | 'manual' | 'trigger' | 'webhook';
	settings?: IWorkflowSettings;
	/** Undefined: n8n hides it, its default. */
	env?: Record<string, string>;
	parameters?: Record<string, string>;
}

const at = ({ mode = 'trigger', settings = {}, env, parameters = {} }: Scene) =>
	strictDouble<IExecuteFunctions>('context', {
		getMode: () => mode,
		getWorkflowSettings: () => settings,
		getNodeParameter: ((name: string) => parameters[name] ?? '') as IExecuteFunctions['getNodeParameter'],
		evaluateExpression: (expression) => {
			if (!env) throw new Error('access to env vars denied');
			return env[/^\{\{ \$env\.(\w+) \}\}$/.exec(expression)?.[1] ?? 'no variable'] ?? '';
		},
	});

const none = { EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none' };

test.each<[string, Scene, boolean]>([
	['the workflow does not save', { settings: { saveDataSuccessExecution: 'none' } }, true],
	['the workflow saves', { settings: { saveDataSuccessExecution: 'all' }, env: none }, false],
	['both are unknown', {}, false],
	['the instance does not save, and the workflow has no setting', { env: none }, true],
	['the instance does not save, and the workflow uses the default', { env: none, settings: { saveDataSuccessExecution: 'DEFAULT' } }, true],
	['a manual run is saved', { mode: 'manual', env: none, settings: { saveDataSuccessExecution: 'none' } }, false],
	['a manual run is not saved', { mode: 'manual', settings: { saveManualExecutions: false } }, true],
	['the instance saves no manual run', { mode: 'manual', env: { EXECUTIONS_DATA_SAVE_MANUAL_EXECUTIONS: 'false' } }, true],
])('%s', (_, scene, deleted) => expect(isDeletedAtEnd(at(scene))).toBe(deleted));

const received = 'filesystem-v2:workflows/1/executions/temp/binary_data/x';

test.each<[string, Scene, string, boolean]>([
	['a file that a webhook received', { mode: 'webhook', parameters: { operation: 'submit' } }, received, true],
	['a received file, if the node waits by callback', { mode: 'webhook', parameters: { operation: 'submitAndWait', waitFor: 'callback' } }, received, true],
	['a received file, if the node waits by polling', { mode: 'webhook', parameters: { operation: 'submitAndWait', waitFor: 'polling' } }, received, false],
	['a file that a node has stored again', { mode: 'webhook' }, 'filesystem-v2:workflows/1/executions/7/binary_data/x', false],
	['a file that a webhook received and a sub-workflow sends', { mode: 'integrated', parameters: { operation: 'submit' } }, received, true],
	['a file of a manual run', { mode: 'manual' }, received, false],
])('n8n moves %s: %j %s %p', (_, scene, id, moved) => expect(isMovedAtEnd(at(scene), id)).toBe(moved));
