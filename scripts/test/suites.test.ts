import { chooseSteps, groupSteps, mustRun, steps } from './suites';

const names = (choice: Parameters<typeof chooseSteps>[0]): string[] => chooseSteps(choice).map(({ name }) => name);

test('runs what needs only npm packages by default, and the rest after it with --all', () => {
	expect(names({})).toEqual(['build', 'lint', 'typecheck', 'unit', 'sandbox', 'engine']);
	expect(names({ all: true })).toEqual([...names({}), 'queue', 'browser', 'n8n', 'versions', 'checks']);
});

test('runs the lanes of a group in parallel, and the steps of a lane one after the other', () => {
	const lanesOf = (choice: Parameters<typeof chooseSteps>[0]) => groupSteps(chooseSteps(choice)).map((lanes) => lanes.map((lane) => lane.map(({ name }) => name)));
	expect(lanesOf({ all: true })).toEqual([
		[['build']],
		[['lint'], ['typecheck']],
		[['unit']],
		[['sandbox']],
		[['engine']],
		[['queue'], ['browser', 'n8n', 'versions']],
		[['checks']],
	]);
	expect(lanesOf({ only: ['browser', 'typecheck', 'versions'] })).toEqual([[['typecheck']], [['browser', 'versions']]]);
});

test.each(steps.map(({ name }) => [name]))('runs %s alone', (name) => {
	expect(names({ only: [name] })).toEqual([name]);
	expect(names({ only: [name], all: true })).toEqual([name]);
});

test('passes arguments for jest to each named suite, after its own arguments', () => {
	const [engine, queue] = chooseSteps({ only: ['engine', 'queue'] }, ['workers', '-t', 'main dies']);
	expect(engine).toMatchObject({ name: 'engine', args: ['workers', '-t', 'main dies'] });
	expect(queue).toMatchObject({ name: 'queue', args: ['--runInBand', 'workers', '-t', 'main dies'] });
});

test.each([[{}], [{ all: true as const }], [{ only: ['unit', 'lint'] }]])('rejects arguments for jest with %j', (choice) => {
	expect(() => chooseSteps(choice, ['workers'])).toThrow(/"workers" is for jest.*--only queue -- workers/);
});

test('fails a step that cannot run if it is named, and under CI', () => {
	expect(['', '0', 'false', undefined].map((ci) => mustRun({ all: true }, ci))).toEqual([false, false, false, false]);
	expect(mustRun({ only: ['queue'] }, undefined)).toBe(true);
	expect(mustRun({ all: true }, 'true')).toBe(true);
	expect(mustRun({}, '1')).toBe(true);
});

test('rejects an unknown step with the names of all steps', () => {
	expect(() => chooseSteps({ only: ['unit', 'everything'] })).toThrow(/Unknown step "everything".*unit.*queue/);
});
