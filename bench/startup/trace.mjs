// Measures the loading time of each module and step. This takes time itself, so it has its own runs.
import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { isAbsolute } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Script } from 'node:vm';

/** Replaces a method by `around` until the returned function is called. */
function wrap(object, name, around) {
	const original = object[name];
	object[name] = function (...args) {
		return around(args, () => Reflect.apply(original, this, args));
	};
	return () => (object[name] = original);
}

/** The time that V8 takes to compile the source. The added comment prevents a cached result. */
function compileMs(file) {
	const source = `${Module.wrap(readFileSync(file, 'utf8'))}\n// compiled once more`;
	const started = performance.now();
	new Script(source, { filename: file });
	return performance.now() - started;
}

/** Starts the trace. The returned function ends it, and returns each module's own time by steps, in milliseconds. */
export function tracing() {
	const modules = new Map();
	// Time counts for the step of the module on top of the stack.
	const stack = [{ file: 'the loader', step: 'run' }];
	let since = performance.now();
	const book = () => {
		const now = performance.now();
		const { file, step } = stack[stack.length - 1];
		const own = modules.get(file) ?? { file, resolveMs: 0, readMs: 0, runMs: 0 };
		own[`${step}Ms`] += now - since;
		modules.set(file, own);
		since = now;
	};
	const during = (place, work) => {
		book();
		stack.push(place);
		try {
			return work(place);
		} finally {
			book();
			stack.pop();
		}
	};
	const unwrap = [
		wrap(Module, '_resolveFilename', ([file], work) => during({ file, step: 'resolve' }, (place) => (place.file = work()))),
		wrap(Module, '_load', ([file], work) => (Module.isBuiltin(file) ? during({ file, step: 'run' }, work) : work())),
		wrap(Module.prototype, 'load', ([file], work) => during({ file, step: 'read' }, work)),
		wrap(Module.prototype, '_compile', ([, file], work) => during({ file, step: 'run' }, work)),
	];
	return () => {
		book();
		for (const undo of unwrap) undo();
		return [...modules.values()].map(({ file, resolveMs, readMs, runMs }) => {
			const compile = isAbsolute(file) && file.endsWith('.js') ? Math.min(compileMs(file), runMs) : 0;
			return { file, resolveMs, readMs, compileMs: compile, runMs: runMs - compile };
		});
	};
}
