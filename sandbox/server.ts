import fastify, { type FastifyInstance } from 'fastify';
import { Refusal } from './responses';
import type { Core } from './core';
import { batchResults, singleResult } from './routes/results';
import { control } from './routes/control';
import { exchangeKey } from './routes/exchangeKey';
import { media } from './routes/media';
import { submit } from './routes/submit';
import { serve } from './serve';

/** CERTAIN: the submit's path; the two below it are CERTAIN for the batch and LIKELY for the single query. */
const SUBMIT_PATH = '/api-pub/gw/v2/video/video_edit/async';

/** Registers the endpoints; does not listen yet. */
export async function createServer(core: Core): Promise<FastifyInstance> {
	// Clients in the middle of an upload, or delayed by a fault, must not delay the end.
	const app = fastify({ forceCloseConnections: true });

	await app.register(async (vendor) => {
		// The endpoints read their bodies as a stream, and validate the Content-Type themselves.
		vendor.removeAllContentTypeParsers();
		vendor.addContentTypeParser('*', (_request, _payload, done) => done(null));
		// `all`, so that a wrong method gets HiDream's own refusal and is logged.
		vendor.all(SUBMIT_PATH, serve(core, 'submit', submit(core)));
		vendor.all(`${SUBMIT_PATH}/results`, serve(core, 'result', singleResult(core)));
		vendor.all(`${SUBMIT_PATH}/results/batch`, serve(core, 'batch', batchResults(core)));
		vendor.all('/prod-api/user/apikey2token', serve(core, 'exchange', exchangeKey(core)));
		vendor.all('/media/*', serve(core, 'video', media(core)));
		vendor.all('/*', serve(core, undefined, refuse('notFound')));
		// What Fastify refuses before a route is an invalid Content-Type.
		vendor.setErrorHandler(async (error, request, reply) => {
			const status = (error as { statusCode?: number }).statusCode ?? 500;
			if (status >= 500) throw error;
			await serve(core, undefined, refuse('badContentType'))(request, reply);
		});
	});
	await app.register(async (isControl) => await control(isControl, core));
	return app;
}

function refuse(key: 'notFound' | 'badContentType') {
	return () => {
		throw new Refusal(key);
	};
}
