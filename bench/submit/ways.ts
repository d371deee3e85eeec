import type { INodeParameters } from 'n8n-workflow';
import { SUBMIT_PATH } from '../machine/bareClient';
import type { MeasuredN8nOptions } from '../n8n/measuredN8n';
import { hidreamStep, step, type Step } from '../n8n/workflow';
import { bare, inN8n, type Way } from './way';

/**
 * Size of the floor's reads. Smaller ones are slower, as each chunk is an allocation outside n8n's heap that triggers
 * collections: at 300 MiB 1.5 s with 64 KiB, 1.4 s with 192, 1.3 s with 384, 1.2 s with 768.
 */
export const FLOOR_CHUNK_KIB = 768;

const targetOf = ({ url, accessToken }: MeasuredN8nOptions['service']) => ({ url: url + SUBMIT_PATH, accessToken });

/** This node submits the binary `data`. */
export const hidream = (): Step[] => [
	hidreamStep({ operation: 'submit', inputType: 'binary', binaryPropertyName: 'data', style: 'anime', options: {} }),
];

/** @param options of Extract From File */
const httpRequest = (options: INodeParameters) => (service: MeasuredN8nOptions['service']): Step[] => {
	const { url, accessToken } = targetOf(service);
	const request = {
		method: 'POST',
		url,
		sendHeaders: true,
		headerParameters: { parameters: [{ name: 'Authorization', value: `Bearer ${accessToken}` }] },
		sendBody: true,
		specifyBody: 'json',
		jsonBody: '={{ { style: "anime", video_name: $json.data } }}',
		options: {},
	};
	return [
		// The misspelled operation is n8n's own.
		step('Extract From File', 'n8n-nodes-base.extractFromFile', { operation: 'binaryToPropery', options }),
		step('HTTP Request', 'n8n-nodes-base.httpRequest', request, { typeVersion: 4.2 }),
	];
};

const own = (type: string, parameters: INodeParameters) => (service: MeasuredN8nOptions['service']): Step[] => [
	step(type, `n8n-nodes-hidream-bench.${type}`, { ...targetOf(service), ...parameters }),
];

const floor = { chunkKiB: String(FLOOR_CHUNK_KIB) };

/** All compared ways, this node first, the limits last. */
export const WAYS: readonly Way[] = [
	inN8n('hidream', 'this node', hidream),
	inN8n('httpRequest', 'HTTP Request', httpRequest({})),
	inN8n('httpRequestTuned', 'HTTP Request, tuned', httpRequest({ encoding: 'utf8' })),
	inN8n('buffer', 'buffer and string', own('bufferSubmit', {})),
	inN8n('floor', 'floor', own('floor', floor), false),
	inN8n('stricterFloor', 'stricter floor', own('floor', { ...floor, memory: 'given back' }), false),
	bare('undici', 'bare undici client'),
];
