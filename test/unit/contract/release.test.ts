/** What prevents a change or a release; the current package keeps its contract. */
import { projectFolder } from '../../../harness/packageTarball';
import { checkContract, checkRelease } from '../../../scripts/contract/check';
import { readContract } from '../../../scripts/contract/read';
import { readReleased } from '../../../scripts/contract/released';
import { contractOf, text } from '../../../scripts/contract/testSupport';

const before = contractOf({ properties: [text('a')] });
const broken = (version: string) => contractOf({ properties: [text('b', { default: 'x' })], version });

test('the package breaks nothing that was released', async () => {
	const released = await readReleased(projectFolder);
	if (!released) throw new Error('There is no contract/released.json');
	const { ok, words } = checkContract(released, await readContract(projectFolder));
	expect([ok, words]).toEqual([true, expect.stringContaining('Nothing breaks')]);
});

test('reads nodes, versions, parameters, outputs and the credential of the package', async () => {
	const { package: name, nodes, credentials } = await readContract(projectFolder);
	expect([name, Object.keys(nodes).sort(), Object.keys(credentials)]).toEqual(['n8n-nodes-hidream', ['stylizeVideo', 'stylizeVideoTrigger'], ['hiDreamApi']]);
	expect(credentials['hiDreamApi']?.find((field) => field.name === 'accessToken')).toMatchObject({ type: 'string', default: '', required: true });
	const node = nodes['stylizeVideo']?.['1'];
	expect(Object.keys(node?.fields ?? {}).sort()).toEqual(['check', 'failure', 'getResult', 'submit', 'submitAndWait']);
	expect(node?.parameters[0]).toMatchObject({ name: 'operation', type: 'options', values: expect.arrayContaining(['submit']) as unknown });
	expect(Object.keys(nodes['stylizeVideoTrigger']?.['1']?.fields ?? {})).toEqual(['output']);
});

test('reports a breaking change with what to do; an addition passes and is named', () => {
	const verdict = checkContract(before, broken('1.3.0'));
	expect(verdict.ok).toBe(false);
	expect(verdict.words).toMatch(/saved with version 1\.2\.3:\n {2}✗ small \(version 1\): "a" was removed\n {4}.*typeVersion.*\n {2}\+ .*"b" is new/s);
	const added = checkContract(before, contractOf({ properties: [text('a'), text('b')] }));
	expect(added).toEqual({ ok: true, words: expect.stringMatching(/Nothing breaks[^]*\+ .*"b" is new/) as string });
	expect(checkContract(before, before).words).toBe('Nothing breaks the contract of version 1.2.3.');
});

test('a new major version may break the contract, and the message says so', () => {
	expect(checkContract(before, broken('2.0.0'))).toEqual({ ok: true, words: expect.stringMatching(/may do[^]*"a" was removed/) as string });
});

describe('a release', () => {
	test.each([
		['the first', undefined, '0.1.0', true],
		['a breaking one within the major version', before, '1.3.0', false],
		['a breaking one with a new major version', before, '2.0.0', true],
		['a breaking one with an older version', before, '1.0.0', false],
	])('%s', (_name, released, version, ok) => {
		expect(checkRelease(released, broken(version)).ok).toBe(ok);
	});

	test('rejects an older version, also if nothing breaks; accepts the next one', () => {
		const at = (version: string) => checkRelease(before, { ...before, version });
		expect(at('1.2.2')).toEqual({ ok: false, words: 'package.json has 1.2.2, but 1.2.3 was released.' });
		expect([at('1.2.3').ok, at('1.2.4').ok, at('1.10.0').ok]).toEqual([true, true, true]);
	});
});
