/** The node's parameters are a public contract: saved workflows depend on their names, values and defaults. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import codex from '../../../nodes/StylizeVideo/StylizeVideo.node.json';
import { StylizeVideo } from '../../../nodes/StylizeVideo/StylizeVideo.node';

const { description } = new StylizeVideo();

/** The parameters that a submit shows. */
const shown = description.properties.filter(
	({ displayOptions }) => displayOptions?.show?.['operation']?.includes('submit') ?? true,
);

function parameter(name: string, among: INodeProperties[] = shown): INodeProperties {
	const [found, ...more] = among.filter((property) => property.name === name);
	if (!found || more.length > 0) throw new Error(`Expected one parameter "${name}", found ${more.length + (found ? 1 : 0)}`);
	return found;
}

const valuesOf = ({ options = [] }: INodeProperties) => (options as INodePropertyOptions[]).map(({ value }) => value).sort();
const optionsOf = (property: INodeProperties) => (property.options ?? []) as INodeProperties[];

test('describes the node', () => {
	expect(description).toMatchObject({
		displayName: 'HiDream Stylize Video',
		name: 'stylizeVideo',
		version: 1,
		usableAsTool: true,
		inputs: ['main'],
		outputs: ['main'],
		credentials: [{ name: 'hiDreamApi', required: true }],
	});
	expect(codex.node).toBe(`n8n-nodes-hidream.${description.name}`);
});

test('its icons exist', () => {
	const { light, dark } = description.icon as { light: string; dark: string };
	for (const icon of [light, dark]) {
		expect(existsSync(resolve(__dirname, '../../../nodes/StylizeVideo', icon.replace(/^file:/, '')))).toBe(true);
	}
	expect(light).not.toBe(dark);
});

test('submit is the operation by default', () => {
	expect(parameter('operation')).toMatchObject({ type: 'options', default: 'submit', noDataExpression: true });
	expect(valuesOf(parameter('operation'))).toContain('submit');
});

test('Submit shows these parameters and no others', () => {
	const fields = shown.filter(({ type }) => type !== 'notice');
	expect(Object.fromEntries(fields.map(({ name, type, default: value }) => [name, [type, value]]))).toEqual({
		operation: ['options', 'submit'],
		inputType: ['options', 'url'],
		videoUrl: ['string', ''],
		binaryPropertyName: ['string', 'data'],
		style: ['options', 'anime'],
		prompt: ['string', ''],
		options: ['collection', {}],
	});
	expect(fields).toHaveLength(7);
});

test('each input type shows its own field', () => {
	expect(valuesOf(parameter('inputType'))).toEqual(['binary', 'binaryLink', 'url']);
	expect(parameter('videoUrl').displayOptions?.show).toMatchObject({ inputType: ['url'] });
	expect(parameter('binaryPropertyName').displayOptions?.show).toMatchObject({ inputType: ['binary', 'binaryLink'] });
});

test('Submit has these options with these defaults', () => {
	const options = optionsOf(parameter('options'));
	expect(Object.fromEntries(options.map(({ name, default: value }) => [name, value]))).toMatchObject({
		apiUserId: '',
		concurrency: 1,
		linkExpiresIn: 24,
		notifyUrl: '',
		requestId: '',
		whenLimitReached: 'wait',
		onUnclearResponse: 'fail',
		idempotencyKey: '',
		maxRetryTime: 60,
	});
	expect(valuesOf(parameter('onUnclearResponse', options))).toEqual(['fail', 'resubmit']);
	expect(valuesOf(parameter('whenLimitReached', options))).toEqual(['return', 'wait']);
});

test('docs/options.md has a row for each option', () => {
	const options = description.properties.filter(({ name }) => name === 'options').flatMap(optionsOf);
	const page = readFileSync(resolve(__dirname, '../../../docs/options.md'), 'utf8');
	const missing = options.filter(({ displayName }) => !page.includes(`\n| ${displayName} |`));
	expect(new Set(missing.map(({ displayName }) => `Add the row "| ${displayName} | <default> | <operations> | <meaning> |" to docs/options.md`))).toEqual(new Set());
	const rows = [...page.matchAll(/^\| ([A-Z][^|]+) \|/gm)].map(([, name]) => name);
	expect(rows).toEqual([...new Set(options.map(({ displayName }) => displayName))].sort());
});

test('reads each option somewhere', () => {
	const folder = resolve(__dirname, '../../../nodes/StylizeVideo');
	const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
	const code = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('');
	const names = [...readFileSync(join(folder, 'options.ts'), 'utf8').matchAll(/^export const ([A-Z_]+)\b/gm)].map(([, name = '']) => name);
	expect(names.length).toBeGreaterThan(0);
	expect(names.filter((name) => !code.includes(`option(${name})`)).map((name) => `Read ${name}, for example in plan.ts`)).toEqual([]);
});

test('shows an option that depends on another parameter only with that parameter', () => {
	const shownWith = (operation: string) => {
		const collection = description.properties.find(({ name, displayOptions }) => name === 'options' && displayOptions?.show?.['operation']?.includes(operation));
		const conditional = (collection ? optionsOf(collection) : []).filter(({ displayOptions }) => displayOptions);
		return Object.fromEntries(conditional.map(({ name, displayOptions }) => [name, displayOptions?.show]));
	};
	const link = { linkExpiresIn: { '/inputType': ['binaryLink'] } };
	const download = { maxDownloadSize: { '/downloadVideo': [true] } };
	expect(shownWith('submit')).toEqual(link);
	expect(shownWith('submitAndWait')).toEqual({ ...link, ...download, pollInterval: { '/waitFor': ['polling'] } });
	expect(shownWith('getResult')).toEqual(download);
	expect(shownWith('check')).toEqual(link);
});

test('no default is something that a user could publish by mistake', () => {
	expect(JSON.stringify(description)).not.toMatch(/sk-|Bearer/);
});

test('every field has an English description', () => {
	const fields = [...shown, ...optionsOf(parameter('options'))].filter(({ type }) => type !== 'notice' && type !== 'collection');
	for (const { name, displayName, description: text, hint } of fields) {
		expect([name, displayName]).toEqual([name, expect.stringMatching(/^[A-Z][ -~]+$/)]);
		if (name !== 'operation') expect([name, text ?? hint]).toEqual([name, expect.stringMatching(/^[ -~]{10,}$/)]);
	}
});
