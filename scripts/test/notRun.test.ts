/** A suite that lacks something prints one line, and fails a run that names the suite. */
import { join } from 'node:path';

import { toolEnvironment } from '../../harness/environment';
import { projectFolder } from '../../harness/packageTarball';
import { CommandError, run } from '../../harness/processes';

jest.setTimeout(60_000);

/** Runs one step of `npm test`; returns its exit code and its output lines. */
async function runStep(step: string, env: NodeJS.ProcessEnv): Promise<{ code: number | string; lines: string[] }> {
	const args = ['--import', 'tsx', join(projectFolder, 'scripts', 'test.ts'), '--only', step];
	const options = { cwd: projectFolder, env: { ...toolEnvironment(), CI: '', ...env } };
	return await run(process.execPath, args, options).then(
		(output) => ({ code: 0, lines: output.split('\n') }),
		(error: unknown) => {
			if (!(error instanceof CommandError)) throw error;
			return { code: error.exitCode, lines: error.output.split('\n') };
		},
	);
}

const closedPort = '127.0.0.1:1';

test.each([
	['queue', { REDIS_URL: `redis://${closedPort}` }, /^NOT RUN: queue: Redis at 127\.0\.0\.1:1 \(REDIS_URL\); get it with: docker run .* redis:7$/],
	['queue', { DATABASE_URL: `postgres://${closedPort}/x` }, /^NOT RUN: queue: PostgreSQL at 127\.0\.0\.1:1 \(DATABASE_URL\); get it with: docker run .* postgres:16$/],
	['queue', { REDIS_SERVER_PATH: '/nowhere/redis-server' }, /^NOT RUN: queue: redis-server \(REDIS_SERVER_PATH\); get it with: sudo apt-get install -y redis-server$/],
	['browser', { CHROMIUM_PATH: '/nowhere/chromium' }, /^NOT RUN: browser: Chromium; get it with: sudo apt-get install -y chromium$/],
])('says what %s lacks with %j', async (step, env, line) => {
	const { code, lines } = await runStep(step, env);
	expect(lines.filter((text) => line.test(text))).toHaveLength(1);
	expect([code, lines.at(-1)]).toEqual([1, expect.stringMatching(/^0 passed, 1 failed, 0 not run, \d+ s in all$/)]);
});
