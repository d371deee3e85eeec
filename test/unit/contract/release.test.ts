/** What stops a change or a release, and that today's package keeps its promise. */
import { projectFolder } from '../../../harness/packageTarball';
import { judge, judgeRelease } from '../../../scripts/contract/judge';
import { readContract } from '../../../scripts/contract/read';
import { readReleased } from '../../../scripts/contract/released';
import { contractOf, text } from './support';

const before = contractOf({ properties: [text('a')] });
const broken = (version: string) => contractOf({ properties: [text('b', { default: 'x' })], version });

test('the package as it stands breaks nothing that was released', async () => {
	const released = await readReleased(projectFolder);
	if (!released) throw new Error('There is no contract/released.json');
	const { ok, words } = judge(released, await readContract(projectFolder));
	expect([ok, words]).toEqual([true, expect.stringContaining('Nothing breaks')]);
});

test('what is read of the package: nodes, versions, parameters, outputs, credential', async () => {
	const { package: name, nodes, credentials } = await readContract(projectFolder);
	expect([name, Object.keys(nodes).sort(), Object.keys(credentials)]).toEqual(['n8n-nodes-hidream', ['stylizeVideo', 'stylizeVideoTrigger'], ['hiDreamApi']]);
	expect(credentials['hiDreamApi']?.find((field) => field.name === 'accessToken')).toMatchObject({ type: 'string', default: '', required: true });
	const node = nodes['stylizeVideo']?.['1'];
	expect(Object.keys(node?.fields ?? {}).sort()).toEqual(['check', 'failure', 'getResult', 'submit', 'submitAndWait']);
	expect(node?.parameters[0]).toMatchObject({ name: 'operation', type: 'options', values: expect.arrayContaining(['submit']) as unknown });
	expect(Object.keys(nodes['stylizeVideoTrigger']?.['1']?.fields ?? {})).toEqual(['output']);
});

test('a change that breaks fails in words that say what to do; one that adds passes and is named', () => {
	const verdict = judge(before, broken('1.3.0'));
	expect(verdict.ok).toBe(false);
	expect(verdict.words).toMatch(/saved with version 1\.2\.3:\n {2}✗ small \(version 1\): "a" is gone\n {4}.*typeVersion.*\n {2}\+ .*"b" is new/s);
	const added = judge(before, contractOf({ properties: [text('a'), text('b')] }));
	expect(added).toEqual({ ok: true, words: expect.stringMatching(/Nothing breaks[^]*\+ .*"b" is new/) as string });
	expect(judge(before, before).words).toBe('Nothing breaks what version 1.2.3 promised.');
});

test('a new major version may break, and is told that it does', () => {
	expect(judge(before, broken('2.0.0'))).toEqual({ ok: true, words: expect.stringMatching(/may break[^]*"a" is gone/) as string });
});

describe('a release', () => {
	test.each([
		['the first', undefined, '0.1.0', true],
		['one that breaks, within the major version', before, '1.3.0', false],
		['one that breaks, with a new major version', before, '2.0.0', true],
		['one that breaks, with an older version', before, '1.0.0', false],
	])('%s', (_name, released, version, ok) => {
		expect(judgeRelease(released, broken(version)).ok).toBe(ok);
	});

	test('of an older version is refused, also when nothing breaks; one of the next is not', () => {
		const at = (version: string) => judgeRelease(before, { ...before, version });
		expect(at('1.2.2')).toEqual({ ok: false, words: 'package.json says 1.2.2, but 1.2.3 has been released.' });
		expect([at('1.2.3').ok, at('1.2.4').ok, at('1.10.0').ok]).toEqual([true, true, true]);
	});
});
