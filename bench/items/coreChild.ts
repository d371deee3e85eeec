/** n8n's engine without its server, in its own process. It submits many items and reports the figures of each run. */
import { NoOp, PARAMETERS, type CoreSettings } from './coreNodes';
import { HiDreamApi } from '../../credentials/HiDreamApi.credentials';
import { StylizeVideo } from '../../nodes/StylizeVideo/StylizeVideo.node';
import { closeEngine, Instance } from '../../harness/engine';
import { PlainSubmit } from '../nodes/PlainSubmit.node';

/** One run of all items. */
export interface CoreRun {
	ms: number;
	cpuMs: number;
}

const TYPES = { node: StylizeVideo, plain: PlainSubmit, empty: NoOp };

async function main(settings: CoreSettings): Promise<void> {
	const { way, items: count, runs, url, accessToken } = settings;
	const name = way === 'node' ? 'n8n-nodes-hidream.stylizeVideo' : `bench.${way}`;
	const instance = new Instance(name, new TYPES[way](), new HiDreamApi());
	const items = Array.from({ length: count }, (_, i) => ({ json: { videoUrl: `https://example.com/video-${i}.mp4` } }));
	const credential = { authentication: 'accessToken', accessToken, baseUrl: url, tasksPerMinute: 0 };
	const results: CoreRun[] = [];
	for (let run = 0; run < runs; run += 1) {
		const [cpu, started] = [process.cpuUsage(), performance.now()];
		const outcome = await instance.run({ parameters: PARAMETERS[way](settings), credential, items });
		const { user, system } = process.cpuUsage(cpu);
		if (outcome.error) throw outcome.error;
		results.push({ ms: performance.now() - started, cpuMs: (user + system) / 1_000 });
	}
	closeEngine();
	// Node.js only writes a profile if the process exits by itself.
	process.send?.(results, () => process.exit());
}

void main(JSON.parse(process.argv[2] ?? '') as CoreSettings);
