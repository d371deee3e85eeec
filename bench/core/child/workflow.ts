import type { IBinaryData } from 'n8n-workflow';
import { HiDreamApi } from '../../../credentials/HiDreamApi.credentials';
import { StylizeVideo } from '../../../nodes/StylizeVideo/StylizeVideo.node';
import { Instance, type RunOptions } from '../../../harness/engine';
import { BufferSubmit } from '../../nodes/BufferSubmit.node';
import { Floor } from '../../nodes/Floor.node';
import type { ChildSettings } from '../protocol';

const TYPES = { node: StylizeVideo, floor: Floor, buffer: BufferSubmit };

function parametersOf({ way, submitUrl: url, accessToken, floorChunkKiB }: ChildSettings): RunOptions['parameters'] {
	if (way === 'node') return { operation: 'submit', inputType: 'binary', style: 'anime' };
	return { url, accessToken, ...(way === 'floor' && { chunkKiB: String(floorChunkKiB) }) };
}

/** A workflow in n8n's engine that submits a stored video with one of the nodes. */
export class Workflow {
	private readonly instance: Instance;

	constructor(private readonly settings: ChildSettings) {
		const type = new TYPES[settings.way]();
		const name = settings.way === 'node' ? 'n8n-nodes-hidream.stylizeVideo' : `bench.${settings.way}`;
		this.instance = new Instance(name, type, new HiDreamApi());
	}

	/** Runs it; throws the error of the execution. */
	async run(video: IBinaryData): Promise<void> {
		const { baseUrl, accessToken, binaryMode } = this.settings;
		const { error } = await this.instance.run({
			parameters: parametersOf(this.settings),
			credential: { authentication: 'accessToken', accessToken, baseUrl, tasksPerMinute: 0 },
			items: [{ binary: { data: video } }],
			binaryMode,
		});
		if (error) throw error;
	}
}
