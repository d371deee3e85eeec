/** Many items in one run: order, pairing, and one bad item among good ones. */
import type { INodeParameters } from 'n8n-workflow';
import { asFailure } from './support/failures';
import { useBench, VIDEO_URL } from './support/hidream';

const bench = useBench();

/** Items with their number and a video of their own. */
const numbered = (count: number) =>
	Array.from({ length: count }, (_, n) => ({ json: { n, url: `https://videos.example.com/${n}.mp4` } }));

const ownVideo = { videoUrl: '={{ $json.url }}' };

test.each([1, 8])('50 items, %i in flight: each output belongs to its input', async (concurrency) => {
	const parameters = { ...ownVideo, options: { concurrency } };
	const outcome = await bench().submit({ parameters, items: numbered(50) });
	const byUrl = new Map(
		bench().sandbox.tasks.map(({ taskId, video }) => [video.kind === 'url' ? video.url : '', taskId]),
	);
	const wanted = numbered(50).map(({ json }) => byUrl.get(json.url));
	expect(outcome.json().map((json) => json['task_id'])).toEqual(wanted);
	expect(new Set(bench().taskIds).size).toBe(50);
	const from = outcome.items('Done').map(({ json }) => json['from']);
	expect(from).toEqual(numbered(50).map(({ json }) => json));
});

test('parameters are read for each item', async () => {
	const items = [{ json: { style: 'anime' } }, { json: { style: 'cartoon' } }];
	const outcome = await bench().submit({ parameters: { style: '={{ $json.style }}' }, items });
	expect(outcome.json()).toMatchObject([{ style: 'anime' }, { style: 'cartoon' }]);
});

interface Bad {
	parameters: INodeParameters;
	/** The parameter's name as displayed. */
	names: RegExp;
}

const bad: Record<string, Bad> = {
	'no URL at all': { parameters: { videoUrl: '={{ $json.n === 1 ? "" : $json.url }}' }, names: /Video URL/ },
	'text that is no URL': { parameters: { videoUrl: '={{ $json.n === 1 ? "clip.mp4" : $json.url }}' }, names: /Video URL/ },
	'a scheme that is not http': { parameters: { videoUrl: '={{ $json.n === 1 ? "ftp://a.example.com/b" : $json.url }}' }, names: /Video URL/ },
	'an unknown style': { parameters: { ...ownVideo, style: '={{ $json.n === 1 ? "oil" : "anime" }}' }, names: /Style/ },
	'neither style nor prompt': { parameters: { ...ownVideo, style: '={{ $json.n === 1 ? "none" : "anime" }}' }, names: /Prompt/ },
	'a notify URL that is none': {
		parameters: { ...ownVideo, options: { notifyUrl: '={{ $json.n === 1 ? "hook" : "https://n8n.example.com/hook" }}' } },
		names: /Notify URL/i,
	},
};

describe.each(Object.entries(bad))('%s in the second of three items', (_name, { parameters, names }) => {
	test('stops the run before anything is sent', async () => {
		const outcome = await bench().submit({ parameters, items: numbered(3) });
		expect(outcome.words).toMatch(names);
		expect(outcome.failure.message).toContain('[item 1]');
		expect(outcome.failure).toMatchObject({ context: { itemIndex: 1 } });
		expect(bench().sandbox.requests).toEqual([]);
	});

	test('fails alone under "Continue"', async () => {
		const outcome = await bench().submit({ parameters, items: numbered(3), onError: 'continueRegularOutput' });
		const [first, second, third] = outcome.json();
		const failed = asFailure(second);
		expect(failed.details).toEqual({ status: 'invalid', code: null, request_id: null, task_id: null });
		expect(failed.message).toMatch(names);
		expect([first?.['task_id'], third?.['task_id']]).toEqual(bench().taskIds);
		expect(bench().taskIds).toHaveLength(2);
	});

	test('goes to the error branch, paired with its input', async () => {
		const outcome = await bench().submit({ parameters, items: numbered(3), onError: 'continueErrorOutput' });
		expect(outcome.json().map((json) => json['task_id'])).toEqual(bench().taskIds);
		expect(asFailure(outcome.failures()[0]).details.status).toBe('invalid');
		expect(outcome.items('Failed')).toMatchObject([{ json: { from: { n: 1 } } }]);
		expect(outcome.items('Done')).toMatchObject([{ json: { from: { n: 0 } } }, { json: { from: { n: 2 } } }]);
	});
});

test('an item that the service refuses leaves the others alone under "Continue"', async () => {
	bench().sandbox.faults.add({ on: 'submit', skip: 1, fault: { type: 'code', code: 1403, message: 'forbidden' } });
	const outcome = await bench().submit({ parameters: ownVideo, items: numbered(3), onError: 'continueErrorOutput' });
	expect(outcome.json().map((json) => json['task_id'])).toEqual(bench().taskIds);
	expect(asFailure(outcome.failures()[0]).details).toMatchObject({ status: 'refused', code: 1403 });
	expect(outcome.items('Failed')).toMatchObject([{ json: { from: { n: 1 } } }]);
});

test('an item is never changed in place', async () => {
	const outcome = await bench().submit({ items: [{ json: { n: 1 } }] });
	expect(outcome.items('Source').map(({ json }) => json)).toEqual([{ n: 1 }]);
	expect(bench().sandbox.tasks).toMatchObject([{ video: { kind: 'url', url: VIDEO_URL } }]);
});
