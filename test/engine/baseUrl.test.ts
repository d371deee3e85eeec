/** Which Base URLs the node talks to, and how it writes them. */
import { useBench } from './support/hidream';

const bench = useBench();

test.each(['/', '//', ' '])('a Base URL with "%s" at its end does no harm', async (end) => {
	const outcome = await bench().submit({ credential: bench().account({ baseUrl: bench().sandbox.url + end }) });
	expect(outcome.error).toBeUndefined();
	expect(bench().submits.map(({ path }) => path)).toEqual(['/api-pub/gw/v2/video/video_edit/async']);
});

test('localhost is this machine too', async () => {
	const baseUrl = bench().sandbox.url.replace('127.0.0.1', 'localhost');
	const outcome = await bench().submit({ credential: bench().account({ baseUrl }) });
	expect(outcome.error).toBeUndefined();
	expect(bench().taskIds).toHaveLength(1);
});

test.each([
	['plain http to another host', 'http://www.hidreamai.com', /https/],
	['plain http to a host that only looks like this machine', 'http://127.0.0.1.example.com', /https/],
	['another scheme', 'ftp://www.hidreamai.com', /https/],
	['no URL at all', 'hidream', /URL/],
	['nothing', '', /Base URL/],
])('%s is refused with the reason, and the token stays here', async (_what, baseUrl, reason) => {
	const outcome = await bench().submit({ credential: bench().account({ baseUrl }) });
	expect(outcome.words).toMatch(reason);
	expect(outcome.words).toContain('Base URL');
	expect(outcome.everything).not.toContain(bench().sandbox.accessToken);
	expect(bench().sandbox.requests).toEqual([]);
});
