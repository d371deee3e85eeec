import { measureSections } from '../../../bench/measureSections';
import type { Results } from '../../../bench/report/results';
import type { ListedSection } from '../../../bench/sections';
import { MACHINE } from './support';

let printed: string;
let kept: Results[];
const outlet = { print: (text: string) => void (printed += text), keep: async (results: Results) => void kept.push(results) };
beforeEach(() => {
	printed = '';
	kept = [];
	// The progress lines of this run are no part of the test's own output.
	jest.spyOn(process.stdout, 'write').mockReturnValue(true);
	jest.spyOn(process.stderr, 'write').mockReturnValue(true);
	jest.spyOn(console, 'log').mockReturnValue();
	jest.spyOn(console, 'error').mockReturnValue();
});
afterEach(() => jest.restoreAllMocks());

const section = (name: string, measure: ListedSection['measure']): ListedSection => ({
	name,
	title: name,
	about: '',
	measure,
	show: () => ({ tables: [{ caption: name, head: ['ms'], rows: [['1']] }], plots: [], targets: [{ measure: name, target: '', measured: '', met: true }] }),
});

const run = async (sections: ListedSection[]) => await measureSections(sections, MACHINE, { runs: 3, quick: false }, outlet);

test('sections run one after the other, and each is kept before the next begins', async () => {
	const seen: string[] = [];
	const one = (name: string) =>
		section(name, async ({ runs, report }) => {
			report(`${name} is at work`);
			seen.push(`${name} begins, ${kept.length} kept`);
			await new Promise((resolve) => setTimeout(resolve, 20));
			seen.push(`${name} ends`);
			return { runs };
		});
	const { targets, failed } = await run([one('a'), one('b')]);
	expect(seen).toEqual(['a begins, 0 kept', 'a ends', 'b begins, 1 kept', 'b ends']);
	expect(kept).toMatchObject([{ section: 'a', raw: { runs: 3 } }, { section: 'b', raw: { runs: 3 } }]);
	expect([targets.length, failed]).toEqual([2, []]);
	expect(printed).toMatch(/a\n┌[^]*b\n┌/);
});

test('a section that breaks is named, and the others still run', async () => {
	const broken = section('broken', async () => await Promise.reject(new Error('no disk')));
	const { targets, failed } = await run([broken, section('b', async () => ({}))]);
	expect(failed).toEqual(['broken']);
	expect(targets.map(({ measure }) => measure)).toEqual(['b']);
	expect(printed).toContain('broken failed: Error: no disk');
	expect(kept.map(({ section: name }) => name)).toEqual(['b']);
});

test('what was measured is kept also when it cannot be shown', async () => {
	const odd = section('odd', async () => ({ ms: 1 }));
	odd.show = () => {
		throw new Error('odd figures');
	};
	expect(await run([odd])).toEqual({ targets: [], failed: ['odd'] });
	expect(kept).toMatchObject([{ section: 'odd', raw: { ms: 1 } }]);
});
