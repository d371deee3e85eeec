// Loads files like n8n loads a community package, in this new process, and prints the figures as JSON.
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

/** Memory in use after a garbage collection. */
function memory() {
	globalThis.gc();
	const { heapUsed, rss } = process.memoryUsage();
	return { heap: heapUsed / bytesPerMiB, resident: rss / bytesPerMiB };
}

/** n8n's class name: the file's name up to the first dot. */
const classOf = (file) => require(file)[basename(file).split('.')[0]];

/** Measures `work`, which requires modules. */
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

/** Keeps the instances, as n8n does. */
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
