// Loads files as n8n loads a community package, in this fresh process, and prints what it took as JSON.
// Usage: node --expose-gc load.mjs '{ "from": "<folder>", "preload": ["n8n-workflow"], "start": ["…"], "later": ["…"], "trace": false }'
import console from 'node:console';
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';

const bytesPerMiB = 1024 * 1024;
const { from, preload, start, later, trace } = JSON.parse(process.argv[2]);
const require = createRequire(join(from, 'index.js'));
const { tracing } = trace ? await import('./trace.mjs') : {};

/** What stays in memory when all that nobody needs is gone. */
function memory() {
	globalThis.gc();
	const { heapUsed, rss } = process.memoryUsage();
	return { heap: heapUsed / bytesPerMiB, resident: rss / bytesPerMiB };
}

/** As n8n names it: the file's name up to the first dot. */
const classOf = (file) => require(file)[basename(file).split('.')[0]];

/** What a piece of work takes that requires something. */
function measure(work) {
	const known = new Set(Object.keys(require.cache));
	const before = memory();
	const stop = tracing?.();
	const started = performance.now();
	const constructMs = work();
	const ended = performance.now();
	const traced = stop?.();
	const after = memory();
	const loaded = Object.keys(require.cache).filter((file) => !known.has(file));
	return {
		requireMs: ended - started - constructMs,
		constructMs,
		heapMiB: after.heap - before.heap,
		residentMiB: after.resident - before.resident,
		files: loaded.map((file) => ({ file, bytes: statSync(file).size })),
		traced,
	};
}

for (const name of preload) require(name);

/** What was made is kept, as n8n keeps it. */
let made = [];
const atStart = measure(() => {
	const classes = start.map(classOf);
	const required = performance.now();
	made = classes.map((Made) => new Made());
	return performance.now() - required;
});
const withFirstRun = measure(() => {
	for (const file of later) require(file);
	return 0;
});
console.log(JSON.stringify({ made: made.length, atStart, withFirstRun }));
