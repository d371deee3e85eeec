/** What "Video URL" may contain: what arrives at HiDream, and what is never sent. */
import { dry, reportOf } from './support/dryRun';
import { useBench, type SubmitOptions } from './support/hidream';
import { all } from './support/tasks';

const bench = useBench();

const A = 'https://videos.example.com/a.mp4';

/** An S3 URL that was signed a day ago and is valid for this many seconds from now on. */
const signed = (seconds: number, name = 'a') => {
	const date = new Date(Date.now() - 86_400_000).toISOString().replace(/[-:]|\.\d+/g, '');
	return `https://b.s3.amazonaws.com/${name}.mp4?X-Amz-Date=${date}&X-Amz-Expires=${86_400 + seconds}&X-Amz-Signature=0a%2F`;
};

const given = (urls: unknown[], more: SubmitOptions = {}): SubmitOptions => ({
	items: urls.map((url) => ({ json: { url } })) as SubmitOptions['items'],
	onError: 'continueRegularOutput',
	...more,
	parameters: { videoUrl: '={{ $json.url }}', ...more.parameters },
});

test('one reading: the URL arrives percent-encoded, and what is encoded stays as it is', async () => {
	const fresh = signed(3_600);
	const outcome = await bench().submit(given([`${A}\n`, ['https://videos.example.com/my video 视频.mp4'], `<${A}>`, fresh]));
	expect(all(outcome.json(), 'task_id')).toEqual(bench().taskIds);
	expect(bench().sandbox.tasks.map(({ video }) => video)).toMatchObject([
		{ url: A },
		{ url: 'https://videos.example.com/my%20video%20%E8%A7%86%E9%A2%91.mp4' },
		{ url: A },
		{ url: fresh },
	]);
});

test('no reading, or a vain one: nothing is sent, and the item is invalid', async () => {
	const urls = [`${A}\n${A}`, 'https://videos.example.com/undefined', 'https://youtu.be/abc', 'https://a.example.com\\x.mp4', signed(-1), { href: A }, 's3://b/a.mp4'];
	const outcome = await bench().submit(given(urls));
	expect(outcome.json().map(({ details }) => (details as { status: string }).status)).toEqual(urls.map(() => 'invalid'));
	for (const { error } of outcome.json()) expect(error).toMatch(/^"Video URL" /);
	expect(bench().submits).toEqual([]);
});

test('a dry run names the items whose URL expires before their turn', async () => {
	const urls = Array.from({ length: 100 }, (_, n) => signed(900, `video-${n}`));
	const report = reportOf(await bench().submit(dry(given(urls, { credential: bench().account({ tasksPerMinute: 2 }) }))));
	expect(report).toMatchObject({ tasks: 100, invalid: 0 });
	expect(report.problems.map(({ item }) => item)).toEqual(Array.from({ length: 70 }, (_, n) => n + 30));
	expect(report.problems[0]).toMatchObject({ error: expect.stringMatching(/"Video URL" .* expires at .* about 15 minutes/) as string });
});

test('a retry gives an accepted item its task ID, though its URL has expired or is refused now', async () => {
	bench().sandbox.faults.add({ on: 'submit', skip: 2, fault: { type: 'code', code: 1403, message: 'forbidden' } });
	const execution = await bench().start(given([signed(3_600), A, A], { onError: undefined }));
	expect((await execution.outcome()).words).toContain('1403');
	const later = await execution.retry(async ({ resultData }) => {
		const items = resultData.runData['Source']?.[0]?.data?.['main']?.[0] ?? [];
		for (const [i, url] of [signed(-60), 'https://youtu.be/abc'].entries()) Object.assign(items[i]?.json ?? {}, { url });
	});
	const outcome = await later.outcome();
	expect(outcome.error).toBeUndefined();
	expect(all(outcome.json(), 'task_id')).toEqual(bench().taskIds);
	expect(bench().taskIds).toHaveLength(3);
});
