/** What the section on waiting makes of its figures. */
import type { ServiceState } from '../../../bench/machine/service';
import { svgOf } from '../../../bench/report/plot';
import { terminalTable } from '../../../bench/report/tables';
import { assertNoneLost } from '../../../bench/waiting/outcome';
import { plots } from '../../../bench/waiting/plots';
import { questionsOf, roundsOf, within } from '../../../bench/waiting/questions';
import type { Figures, Raw } from '../../../bench/waiting/raw';
import { tables } from '../../../bench/waiting/tables';
import { targets } from '../../../bench/waiting/targets';
import { waysFor } from '../../../bench/waiting/ways';
import type { RequestRecord } from '../../../sandbox';

const FIGURES: Figures = {
	idle: { ms: 10_000, cpuMs: 100, peakMiB: 300 },
	submit: { ms: 1_000, cpuMs: 500, peakMiB: 310 },
	wait: { ms: 30_000, cpuMs: 900, peakMiB: 325 },
	end: { ms: 2_000, cpuMs: 400, peakMiB: 320 },
	asked: { wait: { batch: 4, single: 0 }, all: { batch: 6, single: 1 } },
	rounds: [2, 2],
};

function rawOf(more: Partial<Record<string, Raw['runs'][number]['result']>> = {}): Raw {
	const ways = waysFor(200).map(({ name, label, executions, waitsFor }) => ({ name, label, executions, waitsFor }));
	return { tasks: 200, waitSeconds: 60, pollSeconds: 10, callsPerSecond: 4, ways, runs: ways.map(({ name }) => ({ way: name, run: 1, result: more[name] ?? FIGURES })) };
}

test('figures are per minute and over an idle n8n', () => {
	const [row = ''] = tables(rawOf()).map(terminalTable).join('\n').split('\n').filter((line) => line.includes('this node, polling'));
	const cells = row.split('│').map((cell) => cell.trim());
	expect(cells.slice(1, -1)).toEqual(['this node, polling', 'one run of 200', '8.0', '2', '7', '1.20', '1.5', '25', '25', '2.0']);
});

test('noise does not make a wait cheaper than nothing', () => {
	const quiet: Figures = { ...FIGURES, wait: { ...FIGURES.wait, cpuMs: 0 } };
	expect(tables(rawOf({ 'polling-one': quiet }))[0]?.rows[0]?.[5]).toBe('0.00');
});

test('two questions for 200 tasks are what was promised, three are not', () => {
	const found = targets(rawOf({ 'polling-many': { ...FIGURES, rounds: [2, 3] } }));
	expect(found.map(({ measured, met }) => [measured, met])).toEqual([['2 for 200 tasks', true], ['3 for 200 tasks', false]]);
});

test('a way that fails says so', () => {
	const raw = rawOf({ 'polling-one': { failed: '0 of 1 runs ended' } });
	expect(tables(raw)[0]?.rows[0]).toEqual(['this node, polling', 'one run of 200', 'fails: 0 of 1 runs ended', '', '', '', '', '', '', '']);
	expect(targets(raw)[0]).toMatchObject({ measured: '0 of 1 runs ended', met: false });
	for (const svg of plots(raw).map(svgOf)) expect(svg).toContain('fails: 0 of 1 runs ended');
});

describe('the log of the service', () => {
	const log = ([['submit', 0], ['batch', 10_000], ['batch', 10_020], ['result', 20_000], ['batch', 25_000]] as const).map(
		([endpoint, startedAt]) => ({ endpoint, startedAt }) as RequestRecord,
	);

	test('questions are counted by kind', () => {
		expect(questionsOf(log)).toEqual({ batch: 3, single: 1 });
		expect(questionsOf(within(log, 10_010, 25_000))).toEqual({ batch: 1, single: 1 });
	});

	test('what comes close together is one round', () => {
		expect(roundsOf(log)).toEqual([2, 1, 1]);
		expect(roundsOf([])).toEqual([]);
	});
});

describe('no task is lost', () => {
	const tasks = [{ taskId: 'a' }, { taskId: 'b' }];
	const after = (submit: number) => ({ tasks, requests: { submit }, log: [] }) as unknown as ServiceState;
	const node = { task_id: 'a', status: 'succeeded' };
	const service = { result: { task_id: 'b', sub_task_results: [{ task_status: 1 }] } };

	test('whoever tells of it', () => {
		expect(() => assertNoneLost([node, service], after(2), 2)).not.toThrow();
	});

	test.each([
		['one did not succeed', [node, { task_id: 'b', status: 'timed_out' }]],
		['one came out twice', [node, node]],
		['one did not come out', [node]],
	])('%s', (_what, results) => {
		expect(() => assertNoneLost(results, after(2), 2)).toThrow('1 of 2 tasks did not come out as succeeded');
	});

	test('a submit too many', () => {
		expect(() => assertNoneLost([node, service], after(3), 2)).toThrow('3 submits made 2 tasks');
	});
});
