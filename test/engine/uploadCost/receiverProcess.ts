/** The process of `startReceiver`: receives and validates submits, and stops reading on request. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkSubmit } from '../../../sandbox/body/submitFields';
import { SubmitReader } from '../../../sandbox/body/submitReader';
import type { ReceiverOrder, ReceivedBody, ReceiverReport } from './receiver';

const accepted = () => ({ code: 0, message: 'ok', request_id: 'r', result: { task_id: randomUUID(), sub_task_ids: [randomUUID()] } });

let stopAfter = Infinity;
let goOn: () => void = () => undefined;

const tell = (report: ReceiverReport) => void process.send?.(report);

async function stop(bytes: number): Promise<void> {
	stopAfter = Infinity;
	const going = new Promise<void>((resolve) => (goOn = resolve));
	tell({ kind: 'stopped', bytes });
	await going;
}

async function take(request: IncomingMessage): Promise<ReceivedBody> {
	const { method = '', url: path = '', headers } = request;
	const reader = new SubmitReader();
	let bytes = 0;
	for await (const chunk of request) {
		bytes += (chunk as Buffer).length;
		await new Promise((done) => reader.write(chunk, done));
		if (bytes >= stopAfter) await stop(bytes);
	}
	await new Promise<void>((done) => reader.end(done));
	const { video } = checkSubmit(reader.result());
	return { method, path, bytes, isWhole: headers['content-length'] === String(bytes), video };
}

const server = createServer((request, response) => {
	take(request).then(
		(received) => {
			tell({ kind: 'received', received });
			response.setHeader('Content-Type', 'application/json');
			response.end(JSON.stringify(accepted()));
		},
		(error: Error) => {
			tell({ kind: 'broken', reason: error.message });
			response.destroy();
		},
	);
});

process.on('message', (order: ReceiverOrder) => {
	if (order === 'goOn') goOn();
	else if (order === 'tellAll') tell({ kind: 'allReported' });
	else stopAfter = order.stopAfter;
});
process.once('disconnect', () => {
	server.closeAllConnections();
	server.close();
});

server.listen(0, '127.0.0.1', () => {
	tell({ kind: 'listening', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
