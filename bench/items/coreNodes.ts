import type { IExecuteFunctions, INodeExecutionData, INodeParameters, INodeType } from 'n8n-workflow';
import { plainNode } from '../nodes/description';

/** The submit path of the fake HiDream server. */
const SUBMIT_PATH = '/api-pub/gw/v2/video/video_edit/async';

export type CoreWay = 'node' | 'plain' | 'empty';

export interface CoreSettings {
	way: CoreWay;
	items: number;
	inFlight: number;
	runs: number;
	url: string;
	accessToken: string;
}

/** Outputs its items unchanged. */
export class NoOp implements INodeType {
	description = plainNode('empty', 'Nothing', []);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [this.getInputData()];
	}
}

const VIDEO: INodeParameters = { videoUrl: '={{ $json.videoUrl }}', prompt: 'soft morning light' };

/** The parameters of each node. */
export const PARAMETERS: Readonly<Record<CoreWay, (settings: CoreSettings) => INodeParameters>> = {
	node: ({ inFlight }) => ({ ...VIDEO, operation: 'submit', inputType: 'url', style: 'anime', options: { concurrency: inFlight } }),
	plain: ({ inFlight, url, accessToken }) => ({ ...VIDEO, url: url + SUBMIT_PATH, accessToken, inFlight: String(inFlight) }),
	empty: () => ({}),
};
