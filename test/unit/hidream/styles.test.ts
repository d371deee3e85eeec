/** The list of styles, the fake HiDream server's own list, and all files that show the styles. `npm run docs:styles` updates these files. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROMPT_ONLY_STYLE, PROMPT_ONLY, findStyle, STYLES } from '../../../nodes/hidream/styles';
import { videoParameters } from '../../../nodes/StylizeVideo/parameters';
import { VENDOR_STYLES } from '../../../sandbox/vendorStyles';

const projectFolder = join(__dirname, '../../..');
const values = STYLES.map(({ value }) => value);

test('the fake HiDream server knows the same styles', () => {
	expect([
		...values.filter((value) => !VENDOR_STYLES.includes(value)).map((value) => `Add '${value}' to VENDOR_STYLES in sandbox/vendorStyles.ts`),
		...VENDOR_STYLES.filter((value) => !values.includes(value)).map((value) => `Add { value: '${value}', … } to STYLES in nodes/hidream/styles.ts`),
	]).toEqual([]);
});

test('the editor offers each style once, and None', () => {
	const parameter = videoParameters(['submit']).find(({ name }) => name === 'style');
	const none = { ...PROMPT_ONLY_STYLE, description: expect.any(String) as string };
	const offered = [...STYLES.map(({ value, name }) => ({ value, name })), none].sort((a, b) => (a.name < b.name ? -1 : 1));
	expect(parameter?.options).toEqual(offered);
	expect(new Set([...values, PROMPT_ONLY]).size).toBe(offered.length);
	expect(new Set(offered.map(({ name }) => name)).size).toBe(offered.length);
});

describe('files that list the styles', () => {
	const cells = STYLES.map(({ value, vendorName }) => `${vendorName} \`${value}\``);
	const rows = cells.flatMap((_, n) => (n % 5 === 0 ? [cells.slice(n, n + 5)] : []));
	const table = rows.map((row) => `| ${[...row, '', '', '', ''].slice(0, 5).join(' | ')} |\n`).join('');
	const choices = STYLES.map(({ name }) => `\t\t\t\t\t\t\t\t\t{\n\t\t\t\t\t\t\t\t\t\t"option": "${name}"\n\t\t\t\t\t\t\t\t\t}`).join(',\n');

	test.each([
		['README.md', /(?<=^\| Style \|.*\n\|[-|]+\n)(\|.*\n)+/m, table],
		['docs/ai-agents.md', /(?<='One of: )[\w, ]+/, values.join(', ')],
		['examples/ai-agent.json', /(?<='One of: )[\w, ]+/, values.join(', ')],
		['examples/upload-form.json', /(?<="fieldLabel": "Style",\s+"fieldType": "dropdown",\s+"fieldOptions": \{\s+"values": \[\n)[^\]]+?(?=\n\s+\])/, choices],
	])('%s lists all of them; otherwise run `npm run docs:styles`', (file, list, wanted) => {
		const path = join(projectFolder, file);
		const text = readFileSync(path, 'utf8');
		if (process.env['UPDATE_DOCS'] === '1') writeFileSync(path, text.replace(list, wanted));
		expect(list.exec(readFileSync(path, 'utf8'))?.[0]).toBe(wanted);
	});
});

describe('a style by its value or name, in any case', () => {
	test.each(STYLES)('$value', ({ value, name }) => {
		expect([value, name, name.toUpperCase(), value.replaceAll('_', '-')].map(findStyle)).toEqual([value, value, value, value]);
	});

	test.each([
		['ink-wash', 'ink_wash'],
		['INK WASH', 'ink_wash'],
		['Cyberpunk', 'cyber_punk'],
		['van_gogh', 'van_goph'],
		['None', PROMPT_ONLY],
		['None (Prompt Only)', PROMPT_ONLY],
	])('%j means %s', (text, value) => expect(findStyle(text)).toBe(value));

	test.each(['', '_', 'ink', 'ink wash, anime', '水墨', 'toString', '__proto__'])('%j is unknown', (text) => {
		expect(findStyle(text)).toBeUndefined();
	});
});
