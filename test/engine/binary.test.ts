/** Videos as binaries: from files, from memory, from n8n's database, and as signed links. */
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { BinaryData } from 'n8n-core';
import type { IBinaryData, IDataObject, INodeParameters, IWorkflowSettings } from 'n8n-workflow';
import { storeVideo } from '../../harness/engine/binaries';
import { BinaryDataService, Container } from '../../harness/engine/core';
import { useBinaryMode } from '../../harness/engine/engine';
import { asFailure } from './support/outputs';
import { type SubmitOptions, useEngine } from './support/engine';

describe('binary input', () => {
	const MODES = ['filesystem', 'default'] as const;
	/** The first bytes of an MP4. */
	const VIDEO = Buffer.concat([Buffer.from('\0\0\0\x18ftypisom\0\0\0\0', 'latin1'), randomBytes(3_000)]);

	const engine = useEngine();
	const binary = { inputType: 'binary' };

	afterEach(() => {
		jest.restoreAllMocks();
	});

	describe.each(MODES)('%s mode', (binaryMode) => {
		test('a video arrives byte for byte, with an exact Content-Length', async () => {
			const video = randomBytes(3 * 1024 * 1024 + 1);
			const outcome = await engine().submit({ parameters: binary, items: [{ binary: { data: video } }], binaryMode });
			expect(outcome.error).toBeUndefined();
			const sha256 = createHash('sha256').update(video).digest('hex');
			expect(engine().sandbox.tasks).toMatchObject([{ style: 'anime', video: { kind: 'base64', bytes: video.length, sha256 } }]);
			const [request] = engine().submits;
			expect(request?.headers).toMatchObject({ 'content-length': String(request?.bodyBytes) });
			expect(request?.headers).not.toHaveProperty('transfer-encoding');
			expect(outcome.json()).toMatchObject([{ task_id: engine().taskIds[0], status: 'submitted' }]);
		});

		test('an empty binary is refused before anything is sent', async () => {
			const items = [{ binary: { data: VIDEO } }, { binary: { data: Buffer.alloc(0) } }];
			const outcome = await engine().submit({ parameters: binary, items, binaryMode });
			expect(outcome.words).toMatch(/empty|0 bytes/i);
			expect(outcome.failure).toMatchObject({ context: { itemIndex: 1 } });
			expect(engine().sandbox.requests).toEqual([]);
		});
	});

	const PAGE = Buffer.from('<!DOCTYPE html><html><head><title>Sign in</title></head></html>');
	const inline = (data: unknown): IBinaryData => ({ data, mimeType: 'video/mp4' }) as IBinaryData;
	const stored = async (bytes = VIDEO) => await storeVideo(Readable.from([bytes]), 'filesystem');

	/** How a case changes the source's item and the workflow. */
	interface Given {
		binary?: Record<string, IBinaryData>;
		json?: IDataObject;
		parameters?: INodeParameters;
		settings?: IWorkflowSettings;
	}

	const submit = async ({ parameters, settings, ...item }: Given) =>
		await engine().submit({
			parameters: { ...binary, ...parameters },
			items: [item],
			onError: 'continueRegularOutput',
			...(settings && { settings }),
		});

	describe('a Code node or an expression may specify the file as', () => {
		test.each<[string, () => Promise<Given>]>([
			['the object of another node', async () => ({ binary: { clip: await stored() }, parameters: { binaryPropertyName: "={{ $('Source').item.binary.clip }}" } })],
			['the object of this item', async () => ({ binary: { clip: await stored() }, parameters: { binaryPropertyName: '={{ $binary.clip }}' } })],
			['a name, in combined mode', async () => ({ binary: { data: await stored() }, settings: { binaryMode: 'combined' } })],
			['a path, in combined mode', async () => ({ binary: { data: await stored() }, settings: { binaryMode: 'combined' }, parameters: { binaryPropertyName: '_files.data' } })],
			['an object, in combined mode', async () => ({ binary: { data: await stored() }, settings: { binaryMode: 'combined' }, parameters: { binaryPropertyName: '={{ $json._files.data }}' } })],
		])('%s: arrives byte for byte', async (_, given) => {
			const outcome = await submit(await given());
			expect(outcome.json()).toMatchObject([{ status: 'submitted' }]);
			const sha256 = createHash('sha256').update(VIDEO).digest('hex');
			expect(engine().sandbox.tasks.map(({ video }) => video)).toEqual([{ kind: 'base64', bytes: VIDEO.length, sha256 }]);
		});
	});

	describe('nothing is sent when the file is', () => {
		test.each<[string, () => Promise<Given>, RegExp]>([
			['a web page named video.mp4', async () => ({ binary: { data: await stored(PAGE) } }), /"Input Binary Field" is a web page, not a video/],
			['a web page, as a link', async () => ({ binary: { data: await stored(PAGE) }, parameters: { inputType: 'binaryLink' } }), /is a web page, not a video/],
			['unknown to n8n', async () => ({ binary: { data: { ...inline('x'), id: 'filesystem-v2:workflows/1/executions/2/binary_data/3' } } }), /cannot be found in n8n's binary store/],
		])('%s', async (_, given, what) => {
			const item = await given();
			const failed = asFailure((await submit(item)).json()[0]);
			expect(failed).toMatchObject({ details: { status: 'invalid' } });
			expect(failed.error).toMatch(what);
			const check = await submit({ ...item, parameters: { ...item.parameters, operation: 'check' } });
			expect(check.json()).toMatchObject([{ status: 'checked', invalid: 1 }]);
			expect(engine().submits).toEqual([]);
		});
	});
});

describe('signed link (Link to Binary File)', () => {
	const engine = useEngine();
	const link = { parameters: { inputType: 'binaryLink' }, items: [{ binary: { data: Buffer.from('video') } }] };

	test("HiDream gets a link to the item's file, signed by n8n", async () => {
		const outcome = await engine().submit(link);
		expect(outcome.error).toBeUndefined();
		const [task] = engine().sandbox.tasks;
		if (task?.video.kind !== 'url') throw new Error(`Expected a URL, got ${task?.video.kind}`);
		const url = new URL(task.video.url);
		expect(url.origin + url.pathname).toBe('http://n8n.localhost/rest/binary-data/signed');
		const id = Container.get(BinaryDataService).validateSignedToken(url.searchParams.get('token') ?? '');
		expect(id).toBe(outcome.items('Source')[0]?.binary?.['data']?.id);
	});

	test('the link expires after Link Expires In', async () => {
		await engine().submit({ ...link, parameters: { ...link.parameters, options: { linkExpiresIn: 2 } } });
		const [task] = engine().sandbox.tasks;
		const token = task?.video.kind === 'url' ? new URL(task.video.url).searchParams.get('token') : undefined;
		const payload = JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString()) as { iat: number; exp: number };
		expect(payload.exp - payload.iat).toBe(2 * 3600);
	});

	test.each([
		['binaries in memory', { binaryMode: 'default' as const }, /memory/],
		['a workflow that does not save successful executions', { settings: { saveDataSuccessExecution: 'none' as const } }, /save/i],
		['an empty file', { items: [{ binary: { data: Buffer.alloc(0) } }] }, /empty/],
	])('%s is refused before anything is sent', async (_name, more, reason) => {
		const outcome = await engine().submit({ ...link, ...more, onError: 'continueRegularOutput' });
		const failed = asFailure(outcome.json()[0]);
		expect(failed.details.status).toBe('invalid');
		expect(failed.message).toMatch(reason);
		expect(engine().sandbox.requests).toEqual([]);
	});
});

describe("binaries in n8n's database", () => {
	const engine = useEngine();
	const bytes = Buffer.alloc(17_000_000, 'a video, or so\0');

	/** Replaces n8n's own database manager, which needs n8n's server: it returns the whole row as one chunk. */
	function rows(size: number): BinaryData.Manager {
		const unexpected = (message: string) => () => {
			throw new Error(`Unexpected call of the database's ${message}`);
		};
		return {
			init: async () => undefined,
			getMetadata: async () => ({ fileSize: size, mimeType: 'video/mp4' }),
			getAsStream: async () => Readable.from(bytes.subarray(0, size)),
			rename: async () => undefined,
			store: unexpected('store'),
			getPath: unexpected('getPath'),
			getAsBuffer: unexpected('getAsBuffer'),
			copyByFileId: unexpected('copyByFileId'),
			copyByFilePath: unexpected('copyByFilePath'),
			deleteMany: unexpected('deleteMany'),
			deleteManyByFileId: unexpected('deleteManyByFileId'),
		};
	}

	/** A run with videos of these sizes in the database. */
	async function run(size: number, more: SubmitOptions['parameters'] = {}) {
		await useBinaryMode('filesystem');
		Container.get(BinaryDataService).setManager('database', rows(size));
		const data: IBinaryData = { id: 'database:row-1', data: 'database', mimeType: 'video/mp4', fileName: 'a.mp4' };
		const parameters = { inputType: 'binary', binaryPropertyName: 'data', ...more };
		const outcome = await engine().submit({ parameters, items: [{ binary: { data } }] });
		return { outcome, hints: outcome.run.data.resultData.runData['Stylize']?.[0]?.hints ?? [] };
	}

	test('a large one arrives complete, and the editor shows its size and the alternatives', async () => {
		const { hints } = await run(bytes.length);
		expect(engine().sandbox.tasks.map(({ video }) => video)).toEqual([
			{ kind: 'base64', bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
		]);
		expect(hints).toMatchObject([{ type: 'warning', location: 'outputPane' }]);
		expect(hints[0]?.message).toMatch(/database.*17\.0 MB.*"Input Type" to URL.*N8N_DEFAULT_BINARY_DATA_MODE=filesystem.*S3/);
	});

	test('Check shows the hint without loading the video', async () => {
		const { hints } = await run(bytes.length, { operation: 'check' });
		expect(hints.map(({ message }) => message)).toContainEqual(expect.stringContaining('in its database'));
		expect(engine().submits).toEqual([]);
	});

	test('shows no hint for a small one', async () => {
		const { hints } = await run(1_000_000);
		expect(engine().taskIds).toHaveLength(1);
		expect(hints).toEqual([]);
	});

	test('shows no hint for a large one in a file', async () => {
		const outcome = await engine().submit({ parameters: { inputType: 'binary' }, items: [{ binary: { data: bytes } }] });
		expect(engine().taskIds).toHaveLength(1);
		expect(outcome.run.data.resultData.runData['Stylize']?.[0]?.hints ?? []).toEqual([]);
	});
});
