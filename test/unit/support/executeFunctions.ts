import type { IDataObject, IExecuteFunctions, INode, INodeExecutionData, IWorkflowSettings } from 'n8n-workflow';
import { Ledger } from '../../../nodes/submission/ledger';
import type { Credential } from '../../../nodes/shared/credential';
import { StylizeVideo } from '../../../nodes/StylizeVideo/StylizeVideo.node';
import { planAll } from '../../../nodes/StylizeVideo/plan';
import { ofHiDream, tokenCredential } from './credentials';
import { strictDouble } from './strictDouble';

type Helpers = IExecuteFunctions['helpers'];

/** The node's parameters, credential, input and environment. A list has one entry per item. */
export interface NodeSetup {
	parameters?: IDataObject | IDataObject[];
	/** By default one empty item per entry of `parameters`. */
	items?: INodeExecutionData[];
	/** The text of fields with an expression; by default the values. */
	typed?: IDataObject;
	credential?: Credential | Credential[];
	helpers?: Partial<Helpers>;
	type?: string;
	workflowId?: string;
	nodeId?: string;
	mode?: 'manual' | 'trigger';
	settings?: IWorkflowSettings;
}

export const PUBLIC_URL = 'https://videos.example/cat.mp4';

/** The defaults of a submit, as n8n fills them in. */
const DEFAULTS = Object.fromEntries(
	new StylizeVideo().description.properties
		.filter(({ displayOptions }) => displayOptions?.show?.['operation']?.includes('submit') ?? true)
		.map(({ name, default: value }) => [name, value]),
);

export const nodeOf = (type = 'n8n-nodes-hidream.stylizeVideo', id = 'node-1'): INode => ({
	id,
	name: 'Stylize',
	type,
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
});

const nth = <T>(given: T | T[], index: number): T => {
	if (!Array.isArray(given)) return given;
	const own: T | undefined = given[index];
	if (own === undefined) throw new Error(`Item ${index} has no value`);
	return own;
};

/** A value that differs between items is an expression. */
function typedLists(parameters: IDataObject | IDataObject[]): IDataObject {
	if (!Array.isArray(parameters)) return {};
	const names = new Set(parameters.flatMap((own) => Object.keys(own)));
	const differing = [...names].filter((name) => parameters.some((own) => JSON.stringify(own[name]) !== JSON.stringify(parameters[0]?.[name])));
	return Object.fromEntries(differing.map((name) => [name, name === 'options' ? { any: '={{ $json.any }}' } : `={{ $json.${name} }}`]));
}

/** The `this` of `execute()`. Everything that the setup does not name throws. */
export function fakeExecuteFunctions(setup: NodeSetup = {}): IExecuteFunctions {
	const { parameters = {}, credential = tokenCredential() } = setup;
	const items = setup.items ?? (Array.isArray(parameters) ? parameters : [parameters]).map(() => ({ json: {} }));
	const parameter = (path: string, itemIndex: number, fallback?: unknown, how?: { rawExpressions?: boolean }): unknown => {
		const [name = '', option] = path.split('.');
		const isTyped = how?.rawExpressions === true;
		const typed = isTyped ? { ...typedLists(parameters), ...setup.typed } : undefined;
		const values: IDataObject = { ...(DEFAULTS as IDataObject), videoUrl: PUBLIC_URL, ...nth(parameters, itemIndex), ...typed };
		if (!Object.hasOwn(values, name)) throw new Error(`Unknown parameter "${name}"`);
		const value = values[name];
		if (value instanceof Error && isTyped) return '={{ what fails }}';
		if (value instanceof Error) throw value;
		return option === undefined ? value : ((value as IDataObject)[option] ?? fallback);
	};
	return strictDouble<IExecuteFunctions>('context', {
		getNode: () => nodeOf(setup.type, setup.nodeId),
		getInputData: () => items,
		getNodeParameter: parameter as IExecuteFunctions['getNodeParameter'],
		getCredentials: (async (type: string, itemIndex = 0) => ofHiDream(type, nth(credential, itemIndex))) as IExecuteFunctions['getCredentials'],
		evaluateExpression: (expression) => {
			if (expression === '{{ 1 }}') return 1;
			if (expression.includes('$env.')) throw new Error('access to env vars denied');
			throw new Error(`Unexpected evaluation of ${expression}`);
		},
		getWorkflow: () => ({ id: setup.workflowId, active: false }),
		getMode: () => setup.mode ?? 'trigger',
		getWorkflowSettings: () => setup.settings ?? {},
		helpers: strictDouble<Helpers>('helpers', setup.helpers ?? {}),
	});
}

/** The plans of all items, before anything is sent. */
export const plansOf = async (context: IExecuteFunctions, notifyUrl?: string) =>
	await planAll(context, new Ledger({}, { runIndex: 0 }), { readMore: () => undefined, ...(notifyUrl !== undefined && { notifyUrl }) });
