/** The list of styles, the fake HiDream server's own list, and all files that show the styles. `npm run docs:styles` updates these files. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodePropertyOptions } from 'n8n-workflow';
import { PROMPT_ONLY, STYLE } from '../../../nodes/StylizeVideo/styleParameters';
import { VENDOR_STYLE_NAMES, VENDOR_STYLES } from '../../../sandbox/vendorStyles';

const projectFolder = join(__dirname, '../../..');
const options = (STYLE.property.options ?? []) as INodePropertyOptions[];
const names = options.filter(({ value }) => value !== PROMPT_ONLY);
const values = names.map(({ value }) => String(value)).sort();

test('the fake HiDream server knows the same styles', () => {
	expect([
		...values.filter((value) => !VENDOR_STYLES.includes(value)).map((value) => `Add ${value} to VENDOR_STYLE_NAMES in sandbox/vendorStyles.ts`),
		...VENDOR_STYLES.filter((value) => !values.includes(value)).map((value) => `Add ${value} to Style in nodes/hidream/styles.ts`),
	]).toEqual([]);
});

test('the editor offers each style once, and None, by name', () => {
	expect(options.map(({ value }) => value).sort()).toEqual([...values, PROMPT_ONLY].sort());
	expect(options.map(({ name }) => name)).toEqual([...new Set(options.map(({ name }) => name))].sort());
});

describe('files that list the styles', () => {
	const cells = values.map((value) => `${VENDOR_STYLE_NAMES[value] ?? ''} \`${value}\``);
	const rows = cells.flatMap((_, n) => (n % 5 === 0 ? [cells.slice(n, n + 5)] : []));
	const table = rows.map((row) => `| ${[...row, '', '', '', ''].slice(0, 5).join(' | ')} |\n`).join('');
	const choices = names.map(({ name }) => `\t\t\t\t\t\t\t\t\t{\n\t\t\t\t\t\t\t\t\t\t"option": "${name}"\n\t\t\t\t\t\t\t\t\t}`).join(',\n');

	test.each([
		['README.md', /(?<=^\| Style \|.*\n\|[-|]+\n)(\|.*\n)+/m, table],
		['docs/README.zh-CN.md', /(?<=^\| Style \|.*\n\|[-|]+\n)(\|.*\n)+/m, table],
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
	test.each(names)('$value', ({ value, name }) => {
		expect([value, name, name.toUpperCase(), String(value).replaceAll('_', '-')].map((text) => STYLE.read(text))).toEqual([value, value, value, value]);
	});

	test.each([
		['ink-wash', 'ink_wash'],
		['INK WASH', 'ink_wash'],
		['Cyberpunk', 'cyber_punk'],
		['van_gogh', 'van_goph'],
		['None', PROMPT_ONLY],
		['None (Prompt Only)', PROMPT_ONLY],
	])('%j means %s', (text, value) => expect(STYLE.read(text)).toBe(value));

	test.each(['', '_', 'ink', 'ink wash, anime', '水墨', 'toString', '__proto__'])('%j is unknown', (text) => {
		expect(() => STYLE.read(text)).toThrow(text === '' ? '"Style" is empty' : `"Style" has an unknown value: "${text}"`);
	});
});
