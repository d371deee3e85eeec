import { judgeAudit } from './audit';

describe("npm's answer", () => {
	test('nothing is known', () => {
		expect(judgeAudit('{"vulnerabilities":{}}', [])).toEqual({ summary: '0 packages ship with this one', problems: [] });
	});

	test('a fault is known', () => {
		const answer = { vulnerabilities: { axios: { name: 'axios', severity: 'high' } } };
		expect(judgeAudit(JSON.stringify(answer), ['axios']).problems).toEqual(['axios: high']);
	});
});

describe.each(['', 'npm error network', '{"message":"request failed","error":{"code":"ENOTFOUND"}}'])('no answer: %j', (stdout) => {
	test('is none needed where nothing ships', () => {
		expect(judgeAudit(stdout, [])).toEqual({ summary: expect.stringContaining('does not answer'), problems: [] });
	});

	test('is not good enough where something does', () => {
		expect(judgeAudit(stdout, ['axios']).problems).toEqual([expect.stringMatching(/^axios: .*does not answer/)]);
	});
});
