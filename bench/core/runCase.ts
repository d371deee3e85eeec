import { BareClient } from '../machine/bareClient';
import type { Service } from '../machine/service';
import { spanOf } from '../machine/span';
import { MIB, type VideoFile } from '../machine/videoFile';
import { CoreProcess, SubmitFailed } from './coreProcess';
import type { Done, MemoryWork } from './protocol';
import type { Failed, Figures } from './results';
import type { Case } from './ways';

/** What every run needs. */
export interface RunContext {
	/** The folder from `compile`. */
	compiled: string;
	service: Service;
	/** By size in MiB; always includes 1 MiB. */
	files: ReadonlyMap<number, VideoFile>;
}

/** A process that submits files. */
interface Client {
	pid: number;
	submit: (file: string) => Promise<Pick<Done, 'ms' | 'memory'>>;
	close: () => Promise<void>;
}

/** Maximum size of the other fields in a body. */
const OTHER_FIELDS_BYTES = 1024;

const WORDS: [RegExp, string][] = [
	[/Cannot create a string longer/, 'string too long'],
	[/^n8n-core ended/, 'process died'],
];

const reasonOf = (message: string): string => WORDS.find(([pattern]) => pattern.test(message))?.[1] ?? message.slice(0, 60);

export function fileOf({ files }: RunContext, sizeMiB: number): VideoFile {
	const file = files.get(sizeMiB);
	if (!file) throw new Error(`There is no file of ${sizeMiB} MiB`);
	return file;
}

async function startClient({ way, binaryMode, heapMiB, sizeMiB }: Case, where: RunContext, measuresMemory: boolean): Promise<Client> {
	if (way === 'bare') {
		const client = await BareClient.start();
		const submit = async (file: string) => ({ ms: await client.submit(where.service, file) });
		return { pid: client.pid, submit, close: async () => await client.close() };
	}
	const files = [...new Set([1, sizeMiB])].map((size) => fileOf(where, size).path);
	return await CoreProcess.start(where.compiled, where.service, { way, binaryMode, heapMiB, measuresMemory, files });
}

/** Throws unless the whole body arrived: a fast response to half a body does not count. */
async function assertArrived({ service }: RunContext, sizeMiB: number, before: number): Promise<void> {
	const bytes = (await service.counts()).tasks.bytes - before;
	const base64 = 4 * Math.ceil((sizeMiB * MIB) / 3);
	if (bytes < base64 || bytes > base64 + OTHER_FIELDS_BYTES) throw new Error(`${sizeMiB} MiB were sent as ${bytes} bytes, not ${base64}`);
}

/** Starts a new process, lets it submit 1 MiB, and runs `work` with it. A failed submit is a result. */
async function inFreshProcess<T>(of: Case, where: RunContext, measuresMemory: boolean, work: (client: Client, smallPeakMiB: number) => Promise<T>): Promise<T | Failed> {
	let client: Client | undefined;
	try {
		const started = (client = await startClient(of, where, measuresMemory));
		const { span } = await spanOf(started.pid, async () => await started.submit(fileOf(where, 1).path));
		return await work(started, span.peakMiB);
	} catch (error) {
		if (error instanceof SubmitFailed) return { failed: reasonOf(error.message) };
		throw error;
	} finally {
		await client?.close();
	}
}

/** Measures one submit from outside. */
export async function runCase(of: Case, where: RunContext): Promise<Figures | Failed> {
	return await inFreshProcess(of, where, false, async (client, smallPeakMiB) => {
		const { bytes } = (await where.service.counts()).tasks;
		const { result, span } = await spanOf(client.pid, async () => await client.submit(fileOf(where, of.sizeMiB).path));
		await assertArrived(where, of.sizeMiB, bytes);
		return { peakMiB: span.peakMiB - smallPeakMiB, ms: result.ms, cpuMs: span.cpuSeconds * 1000 };
	});
}

/** Measures the memory of one submit from inside the process. */
export async function measureMemoryCase(of: Case, where: RunContext): Promise<MemoryWork | undefined> {
	const done = await inFreshProcess(of, where, true, async (client) => await client.submit(fileOf(where, of.sizeMiB).path));
	return 'failed' in done ? undefined : done.memory;
}

/** Whether the bytes of the file arrive. Needs a service that checks bodies. */
export async function checkCase(of: Case, where: RunContext): Promise<boolean> {
	const { sizeMiB } = of;
	const video = await inFreshProcess(of, where, false, async (client) => {
		await client.submit(fileOf(where, sizeMiB).path);
		return (await where.service.state()).tasks.at(-1)?.video;
	});
	return video !== undefined && 'kind' in video && video.kind === 'base64' && video.sha256 === fileOf(where, sizeMiB).sha256;
}
