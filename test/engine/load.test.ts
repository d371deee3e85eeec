/** Many videos in one run: each is submitted once, and only its outcome is kept in memory. */
import { HiDreamApi } from '../../credentials/HiDreamApi.credentials';
import { StylizeVideo } from '../../nodes/StylizeVideo/StylizeVideo.node';
import { closeEngine, Instance, logbook } from '../../harness/engine';
import { livingHeap, startLoadService, servedTaskId, videoUrl } from './loadService';

jest.setTimeout(180_000);

const VIDEOS = 1_000;

/** Long, so that a leaked request, or anything that refers to one, shows in the heap. */
const PROMPT = 'soft light, hand-drawn, '.repeat(100);

/**
 * Maximum growth of the heap for each submitted video, in bytes. Measured: 700 to 1,350, depending on Node.js and on what
 * else grows in such a short run; 3,900 to 5,000 with a deliberate leak of a request body, an abort listener or an abort
 * controller.
 */
const GROWTH_PER_VIDEO = 2_400;

/** The numbers of accepted videos at which the heap is measured. */
const MOMENTS = [300, 900] as const;

const numbers = Array.from({ length: VIDEOS }, (_, n) => n);
const n8n = new Instance('n8n-nodes-hidream.stylizeVideo', new StylizeVideo(), new HiDreamApi());
const heap: number[] = [];

let service: Awaited<ReturnType<typeof startLoadService>>;

beforeAll(async () => {
	service = await startLoadService(VIDEOS, (accepted) => {
		if (accepted !== MOMENTS[0] && accepted !== MOMENTS[1]) return;
		// n8n writes its log to its output; only the harness keeps the lines.
		logbook.lines.length = 0;
		heap.push(livingHeap());
	});
});

afterAll(async () => {
	await service.close();
	closeEngine();
});

test(`submits ${VIDEOS} videos once each, pairs them with their tasks, and keeps little of each in memory`, async () => {
	const items = numbers.map((n) => ({ json: { n, videoUrl: videoUrl(n) } }));
	const parameters = {
		operation: 'submit',
		inputType: 'url',
		videoUrl: '={{ $json.videoUrl }}',
		style: 'anime',
		prompt: `=${PROMPT} {{ $json.n }}`,
		options: { concurrency: 20 },
	};
	const credential = { authentication: 'accessToken', accessToken: 'sk-load', baseUrl: service.url, tasksPerMinute: 0 };
	const outcome = await n8n.run({ parameters, items, credential });

	expect([...service.submits].every((count) => count === 1)).toBe(true);
	expect(outcome.json().map((json) => json['task_id'])).toEqual(numbers.map(servedTaskId));
	expect(outcome.items('Done').map(({ json }) => json['from'])).toEqual(items.map(({ json }) => json));
	const [early = NaN, late = NaN] = heap;
	expect((late - early) / (MOMENTS[1] - MOMENTS[0])).toBeLessThan(GROWTH_PER_VIDEO);
});
