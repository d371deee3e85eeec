/** A video as a binary file: byte for byte, streamed where n8n keeps it in files, refused where there is none. */
import { createHash, randomBytes } from 'node:crypto';
import { BinaryDataService, Container } from './harness/core';
import type { SourceItem } from './harness';
import { useBench } from './harness/hidream';

const MODES = ['filesystem', 'default'] as const;
/** Around the groups of three of base64, around stream chunks, and beyond. */
const SIZES = [1, 2, 3, 4, 5, 65_535, 65_536, 3 * 1024 * 1024 + 1];

const bench = useBench();
const binary = { inputType: 'binary' };

afterEach(() => {
	jest.restoreAllMocks();
});

describe.each(MODES)('%s mode', (binaryMode) => {
	test.each(SIZES)('%i bytes arrive byte for byte, with an exact Content-Length', async (size) => {
		const video = randomBytes(size);
		const outcome = await bench().submit({ parameters: binary, items: [{ binary: { data: video } }], binaryMode });
		expect(outcome.error).toBeUndefined();
		const sha256 = createHash('sha256').update(video).digest('hex');
		expect(bench().sandbox.tasks).toMatchObject([{ style: 'anime', video: { kind: 'base64', bytes: size, sha256 } }]);
		const [request] = bench().submits;
		expect(request?.headers).toMatchObject({ 'content-length': String(request?.bodyBytes) });
		expect(request?.headers).not.toHaveProperty('transfer-encoding');
		expect(outcome.json()).toMatchObject([{ task_id: bench().taskIds[0], status: 'submitted' }]);
	});

	test('an empty binary is refused before anything is sent', async () => {
		const items = [{ binary: { data: randomBytes(9) } }, { binary: { data: Buffer.alloc(0) } }];
		const outcome = await bench().submit({ parameters: binary, items, binaryMode });
		expect(outcome.words).toMatch(/empty|0 bytes/i);
		expect(outcome.failure).toMatchObject({ context: { itemIndex: 1 } });
		expect(bench().sandbox.requests).toEqual([]);
	});

	test('an item without the field is refused before anything is sent', async () => {
		const items: SourceItem[] = [{ binary: { data: randomBytes(9) } }, { binary: { other: randomBytes(9) } }];
		const outcome = await bench().submit({ parameters: binary, items, binaryMode });
		expect(outcome.words).toContain('data');
		expect(outcome.failure).toMatchObject({ context: { itemIndex: 1 } });
		expect(bench().sandbox.requests).toEqual([]);
	});
});

test('the field that holds the binary can have another name', async () => {
	const parameters = { ...binary, binaryPropertyName: 'clip' };
	const outcome = await bench().submit({ parameters, items: [{ binary: { clip: Buffer.from('video') } }] });
	expect(outcome.error).toBeUndefined();
	expect(bench().sandbox.tasks).toMatchObject([{ video: { bytes: 5 } }]);
});

test('a file is streamed, never read whole', async () => {
	const store = Container.get(BinaryDataService);
	const whole = jest.spyOn(store, 'getAsBuffer');
	const streamed = jest.spyOn(store, 'getAsStream');
	await bench().submit({ parameters: binary, items: [{ binary: { data: randomBytes(1_000_000) } }] });
	expect(bench().taskIds).toHaveLength(1);
	expect(whole).not.toHaveBeenCalled();
	expect(streamed).toHaveBeenCalledTimes(1);
});

test('a binary goes with its prompt, request_id and notify_url', async () => {
	const options = { requestId: 'b-1', notifyUrl: 'https://n8n.example.com/hook' };
	const parameters = { ...binary, style: 'none', prompt: 'a "woodcut"\n🪵', options };
	const outcome = await bench().submit({ parameters, items: [{ binary: { data: randomBytes(100) } }] });
	expect(outcome.error).toBeUndefined();
	expect(bench().sandbox.tasks).toMatchObject([
		{ style: null, prompt: 'a "woodcut"\n🪵', requestId: 'b-1', notifyUrl: 'https://n8n.example.com/hook' },
	]);
});
