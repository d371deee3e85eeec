import { auditOutcome } from './audit';

describe("npm's report", () => {
	test('passes without vulnerabilities', () => {
		expect(auditOutcome('{"vulnerabilities":{}}', [])).toEqual({ summary: '0 packages are published with this one', problems: [] });
	});

	test('fails with a vulnerability', () => {
		const response = { vulnerabilities: { axios: { name: 'axios', severity: 'high' } } };
		expect(auditOutcome(JSON.stringify(response), ['axios']).problems).toEqual(['axios: high']);
	});
});

describe.each(['', 'npm error network', '{"message":"request failed","error":{"code":"ENOTFOUND"}}'])('no report: %j', (stdout) => {
	test('passes if the package publishes no dependencies', () => {
		expect(auditOutcome(stdout, [])).toEqual({ summary: expect.stringContaining('does not respond'), problems: [] });
	});

	test('fails if it publishes some', () => {
		expect(auditOutcome(stdout, ['axios']).problems).toEqual([expect.stringMatching(/^axios: .*does not respond/)]);
	});
});
