import type { INodeParameters } from 'n8n-workflow';
import type { StoredCredential } from '../../harness/n8n/workflow';
import type { N8nInstance } from '../../harness/n8nInstance';
import { SUBMIT_PATH } from '../machine/bareClient';
import type { Service } from '../machine/service';
import { hidreamStep, step, type Step } from '../n8n/workflow';
import { ITEM_PROMPT, ITEM_STYLE } from './items';
import type { Role, WayRow } from './raw';

/** A node that submits the items before it with a number of submits in flight. */
interface Kind {
	label: string;
	role: Role;
	node: (service: Service, inFlight: number) => Step;
	/** Stores what the node needs in n8n. */
	credential?: (n8n: N8nInstance, service: Service) => Promise<StoredCredential>;
}

/** A kind of node with a number in flight. */
export interface Way extends WayRow {
	kind: Kind;
}

/** The submitting node of every workflow. */
export const SUBJECT = 'Subject';

/** Response time of the service, in milliseconds. HTTP Request starts its next batch after the same time. */
export const LATENCY_MS = 50;

/** Ready for the measured runs: the code is loaded and compiled. */
export const WARM_IN_FLIGHT = 100;

const named = (node: Step): Step => ({ ...node, name: SUBJECT });

const bearer = (accessToken: string): INodeParameters => ({
	sendHeaders: true,
	headerParameters: { parameters: [{ name: 'Authorization', value: `Bearer ${accessToken}` }] },
});

/** It never waits for responses: with Batching, it pauses between the starts of two batches. */
function httpRequest(service: Service, inFlight: number, authentication: INodeParameters): Step {
	const parameters = {
		method: 'POST',
		url: service.url + SUBMIT_PATH,
		...authentication,
		sendBody: true,
		specifyBody: 'json',
		jsonBody: `={{ { style: "${ITEM_STYLE}", prompt: "${ITEM_PROMPT}", request_id: $json.requestId, video_name: $json.videoUrl } }}`,
		options: { batching: { batch: { batchSize: inFlight, batchInterval: LATENCY_MS } } },
	};
	return step(SUBJECT, 'n8n-nodes-base.httpRequest', parameters, { typeVersion: 4.2 });
}

const KINDS = {
	hidream: {
		label: 'this node',
		role: 'subject',
		node: (_service, concurrency) =>
			named(hidreamStep({ operation: 'submit', inputType: 'url', videoUrl: '={{ $json.videoUrl }}', style: ITEM_STYLE, prompt: ITEM_PROMPT, options: { concurrency } })),
	},
	httpRequest: {
		label: 'HTTP Request',
		role: 'peer',
		node: (service, inFlight) => httpRequest(service, inFlight, bearer(service.accessToken)),
	},
	httpCredential: {
		label: 'HTTP Request with a credential',
		role: 'peer',
		node: (service, inFlight) => ({
			...httpRequest(service, inFlight, { authentication: 'genericCredentialType', genericAuthType: 'httpBearerAuth' }),
			credentials: { httpBearerAuth: { id: null, name: '' } },
		}),
		credential: async (n8n, { accessToken: token }) => await n8n.importCredential({ name: 'Bearer', type: 'httpBearerAuth', data: { token } }),
	},
	plain: {
		label: 'bare loop inside n8n',
		role: 'limit',
		node: ({ url, accessToken }, inFlight) =>
			step(SUBJECT, 'n8n-nodes-hidream-bench.plainSubmit', {
				url: url + SUBMIT_PATH,
				accessToken,
				inFlight: String(inFlight),
				videoUrl: '={{ $json.videoUrl }}',
				prompt: ITEM_PROMPT,
			}),
	},
	empty: { label: 'No Operation', role: 'base', node: () => step(SUBJECT, 'n8n-nodes-base.noOp', {}) },
} satisfies Record<string, Kind>;

const way = (kind: keyof typeof KINDS, inFlight: number): Way => {
	const { label, role } = KINDS[kind];
	return { name: `${kind}-${inFlight}`, label, inFlight, role, kind: KINDS[kind] };
};

/** All compared ways, sorted by the number in flight. */
export const WAYS: readonly Way[] = [
	way('empty', 0),
	way('hidream', 10),
	way('httpRequest', 10),
	way('hidream', 100),
	way('httpRequest', 100),
	way('httpCredential', 100),
	way('plain', 100),
];
