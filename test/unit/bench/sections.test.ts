import { listed, sections } from '../../../bench/sections';
import type { Section } from '../../../bench/section';

interface Raw {
	times: number[];
}

const SECTION: Section<Raw> = {
	name: 'times',
	title: 'Times',
	about: '',
	measure: async () => ({ times: [1] }),
	tables: ({ times }) => [{ caption: '', head: ['ms'], rows: times.map((time) => [String(time)]) }],
	plots: () => [],
	targets: () => [],
};

test('results from a file are shown as those that were just measured', () => {
	expect(listed(SECTION).show(JSON.parse('{"times":[1,2]}')).tables[0]?.rows).toEqual([['1'], ['2']]);
});

test('results of another version of a section say what to do', () => {
	expect(() => listed(SECTION).show({})).toThrow(/"times" cannot be shown \(.*\)\. Measure it again: npm run bench -- --only times/);
});

test('names are those of files, and no two are the same', () => {
	const names = sections.map(({ name }) => name);
	expect(names.filter((name) => !/^[a-z]+$/.test(name))).toEqual([]);
	expect(new Set(names).size).toBe(names.length);
});
