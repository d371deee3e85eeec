/** A binary handed over as a signed link that n8n serves: no bytes go out. */
import { BinaryDataService, Container } from '../../harness/engine/core';
import { asFailure } from './support/failures';
import { useBench } from './support/hidream';

const bench = useBench();
const link = { parameters: { inputType: 'binaryLink' }, items: [{ binary: { data: Buffer.from('video') } }] };

test("HiDream gets a link to the item's file, signed by n8n", async () => {
	const outcome = await bench().submit(link);
	expect(outcome.error).toBeUndefined();
	const [task] = bench().sandbox.tasks;
	if (task?.video.kind !== 'url') throw new Error(`Expected a URL, got ${task?.video.kind}`);
	const url = new URL(task.video.url);
	expect(url.origin + url.pathname).toBe('http://n8n.invalid/rest/binary-data/signed');
	const id = Container.get(BinaryDataService).validateSignedToken(url.searchParams.get('token') ?? '');
	expect(id).toBe(outcome.items('Source')[0]?.binary?.['data']?.id);
});

test('the link expires when the option says so', async () => {
	await bench().submit({ ...link, parameters: { ...link.parameters, options: { linkExpiresIn: 2 } } });
	const [task] = bench().sandbox.tasks;
	const token = task?.video.kind === 'url' ? new URL(task.video.url).searchParams.get('token') : undefined;
	const payload = JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString()) as { iat: number; exp: number };
	expect(payload.exp - payload.iat).toBe(2 * 3600);
});

test.each([
	['binaries in memory', { binaryMode: 'default' as const }, /memory/],
	['a workflow that keeps no good executions', { settings: { saveDataSuccessExecution: 'none' as const } }, /save/i],
	['an empty file', { items: [{ binary: { data: Buffer.alloc(0) } }] }, /empty/],
	['no file', { items: [{ json: {} }] }, /Input Binary Field/],
])('with %s it is refused before anything is sent', async (_name, more, reason) => {
	const outcome = await bench().submit({ ...link, ...more, onError: 'continueRegularOutput' });
	const failed = asFailure(outcome.json()[0]);
	expect(failed.details.status).toBe('invalid');
	expect(failed.message).toMatch(reason);
	expect(bench().sandbox.requests).toEqual([]);
});
