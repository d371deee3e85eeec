import { chooseSteps, mustRun, steps } from '../../../scripts/test/suites';

const names = (choice: Parameters<typeof chooseSteps>[0]): string[] => chooseSteps(choice).map(({ name }) => name);

test('without a word, what needs nothing but npm and a compiler; with --all, everything, in the same order', () => {
	expect(names({})).toEqual(['build', 'typecheck', 'lint', 'unit', 'sandbox', 'engine', 'n8n']);
	expect(names({ all: true })).toEqual([...names({}), 'checks', 'versions', 'queue', 'browser']);
});

test.each(steps.map(({ name }) => [name]))('%s runs alone', (name) => {
	expect(names({ only: [name] })).toEqual([name]);
	expect(names({ only: [name], all: true })).toEqual([name]);
});

test('what is for jest goes to each suite that was named, behind its own arguments', () => {
	const [engine, queue] = chooseSteps({ only: ['engine', 'queue'] }, ['outages', '-t', 'main dies']);
	expect(engine).toMatchObject({ name: 'engine', args: ['outages', '-t', 'main dies'] });
	expect(queue).toMatchObject({ name: 'queue', args: ['--runInBand', 'outages', '-t', 'main dies'] });
});

test.each([[{}], [{ all: true as const }], [{ only: ['unit', 'lint'] }]])('with %j, what is for jest is refused', (choice) => {
	expect(() => chooseSteps(choice, ['outages'])).toThrow(/"outages" is for jest.*--only queue -- outages/);
});

test('who cannot run fails when it was named, and under CI', () => {
	expect(['', '0', 'false', undefined].map((ci) => mustRun({ all: true }, ci))).toEqual([false, false, false, false]);
	expect(mustRun({ only: ['queue'] }, undefined)).toBe(true);
	expect(mustRun({ all: true }, 'true')).toBe(true);
	expect(mustRun({}, '1')).toBe(true);
});

test('an unknown step is refused with the names of all', () => {
	expect(() => chooseSteps({ only: ['unit', 'everything'] })).toThrow(/no step "everything".*unit.*queue/);
});
