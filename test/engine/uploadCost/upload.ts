import http, { type ClientRequest } from 'node:http';
import type { ReadStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { BinaryDataService, Container } from '../../../harness/engine/core';

/** How often a number must be the same to count as stopped. */
const LOOKS = 20;
const LOOK_MS = 25;

/** The progress of a file's submit, in bytes. */
export interface MeasuredUpload {
	/** Read from n8n's binary store. */
	read: () => number;
	/** Taken by the operating system: no longer in memory here. */
	left: () => number;
	/** Resolves when nothing more is read. */
	standsStill: () => Promise<void>;
}

/** Observes the next submit without changing it. */
export function measureUpload(): MeasuredUpload {
	let file: ReadStream | undefined;
	let request: ClientRequest | undefined;
	const store = Container.get(BinaryDataService);
	const open = store.getAsStream.bind(store);
	jest.spyOn(store, 'getAsStream').mockImplementation(async (...args) => (file = (await open(...args)) as ReadStream));
	const send = http.request;
	jest.spyOn(http, 'request').mockImplementation((...args: unknown[]) => (request = Reflect.apply(send, http, args) as ClientRequest));

	const read = () => file?.bytesRead ?? 0;
	return {
		read,
		left: () => (request?.socket ? request.socket.bytesWritten - request.socket.writableLength : 0),
		standsStill: async () => {
			for (let seen = read(), looks = 0; looks < LOOKS; looks += 1) {
				await sleep(LOOK_MS);
				if (read() !== seen) [seen, looks] = [read(), 0];
			}
		},
	};
}
