/** Videos in n8n's database, the default of queue mode: sent as they are, and the editor says what that costs. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { BinaryData } from 'n8n-core';
import type { IBinaryData } from 'n8n-workflow';
import { BinaryDataService, Container } from '../../harness/engine/core';
import { useBench, type SubmitOptions } from './support/hidream';
import { useBinaryMode } from '../../harness/engine/engine';

const bench = useBench();
const bytes = Buffer.alloc(17_000_000, 'a video, or so\0');

/** n8n's own database manager hands out the whole row as one chunk; it needs n8n's server, so this stands for it. */
function rows(size: number): BinaryData.Manager {
	const unexpected = (what: string) => () => {
		throw new Error(`Unexpected call of the database's ${what}`);
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
	const outcome = await bench().submit({ parameters, items: [{ binary: { data } }] });
	return { outcome, hints: outcome.run.data.resultData.runData['Stylize']?.[0]?.hints ?? [] };
}

test('a large one arrives whole, and the editor names its size and the ways round', async () => {
	const { hints } = await run(bytes.length);
	expect(bench().sandbox.tasks.map(({ video }) => video)).toEqual([
		{ kind: 'base64', bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
	]);
	expect(hints).toMatchObject([{ type: 'warning', location: 'outputPane' }]);
	expect(hints[0]?.message).toMatch(/database.*17\.0 MB.*"Input Type" to URL.*N8N_DEFAULT_BINARY_DATA_MODE=filesystem.*S3/);
});

test('a dry run says so before anything is loaded', async () => {
	const { hints } = await run(bytes.length, { options: { dryRun: true } });
	expect(hints.map(({ message }) => message)).toContainEqual(expect.stringContaining('in its database'));
	expect(bench().submits).toEqual([]);
});

test('a small one is worth no words', async () => {
	const { hints } = await run(1_000_000);
	expect(bench().taskIds).toHaveLength(1);
	expect(hints).toEqual([]);
});

test('a large one in a folder is worth no words either', async () => {
	const outcome = await bench().submit({ parameters: { inputType: 'binary' }, items: [{ binary: { data: bytes } }] });
	expect(bench().taskIds).toHaveLength(1);
	expect(outcome.run.data.resultData.runData['Stylize']?.[0]?.hints ?? []).toEqual([]);
});
