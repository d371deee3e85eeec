import { judgeAudit } from './audit';

describe("npm's report", () => {
	test('passes without vulnerabilities', () => {
		expect(judgeAudit('{"vulnerabilities":{}}', [])).toEqual({ summary: '0 packages are published with this one', problems: [] });
	});

	test('fails with a vulnerability', () => {
		const answer = { vulnerabilities: { axios: { name: 'axios', severity: 'high' } } };
		expect(judgeAudit(JSON.stringify(answer), ['axios']).problems).toEqual(['axios: high']);
	});
});

describe.each(['', 'npm error network', '{"message":"request failed","error":{"code":"ENOTFOUND"}}'])('no report: %j', (stdout) => {
	test('passes if the package publishes no dependencies', () => {
		expect(judgeAudit(stdout, [])).toEqual({ summary: expect.stringContaining('does not respond'), problems: [] });
	});

	test('fails if it publishes some', () => {
		expect(judgeAudit(stdout, ['axios']).problems).toEqual([expect.stringMatching(/^axios: .*does not respond/)]);
	});
});
