import { chooseSteps, steps } from '../../../scripts/test/suites';

const names = (choice: Parameters<typeof chooseSteps>[0]): string[] => chooseSteps(choice).map(({ name }) => name);

test('without a word, what needs nothing but npm and a compiler; with --all, everything, in the same order', () => {
	expect(names({})).toEqual(['build', 'typecheck', 'lint', 'unit', 'sandbox', 'engine', 'n8n']);
	expect(names({ all: true })).toEqual([...names({}), 'checks', 'versions', 'queue', 'browser']);
});

test.each(steps.map(({ name }) => [name]))('%s runs alone', (name) => {
	expect(names({ only: [name] })).toEqual([name]);
	expect(names({ only: [name], all: true })).toEqual([name]);
});

test('an unknown step is refused with the names of all', () => {
	expect(() => chooseSteps({ only: ['unit', 'everything'] })).toThrow(/no step "everything".*unit.*queue/);
});
