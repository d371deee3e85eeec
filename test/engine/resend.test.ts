/** `details.status` is always correct: a workflow that sends all items with certainly no task again never pays twice. */
import type { IDataObject } from 'n8n-workflow';
import type { Fault } from '../../sandbox';
import { isFalseRefusal, type MatrixRow } from './faultMatrix/row';
import { ROWS } from './faultMatrix/rows';
import { useEngine } from './support/engine';

const engine = useEngine({}, { RESPONSE_TIMEOUT_MS: 2_000 });

const NO_TASK_STATUSES = ['invalid', 'refused', 'not_tried'];
const NUMBERS = [0, 1, 2, 3];

const isFault = (row: MatrixRow): row is MatrixRow<Fault> => row.fault.type !== 'closedHost' && row.fault.type !== 'brokenHost';
const rows = ROWS.filter(isFault).filter((row) => !isFalseRefusal(row) && row.upload === undefined && (!row.brief || row.makesTask));

const urlOf = (n: number) => `https://videos.example.com/${n}.mp4`;

/** Submits these videos with a new account, since a refusal makes the account back off; returns each item's details. */
async function submit(numbers: number[]) {
	const { accessToken } = engine().sandbox.addAccount();
	const outcome = await engine().submit({
		credential: engine().account({ accessToken }),
		parameters: { videoUrl: '={{ $json.url }}', options: { maxRetryTime: 0 } },
		items: numbers.map((n) => ({ json: { url: urlOf(n) } })),
		onError: 'continueRegularOutput',
	});
	return outcome.json().map((json, at) => ({ n: numbers[at] ?? NaN, details: json['details'] as IDataObject | undefined }));
}

test.each(rows.map((row) => [row.name, row] as const))('%s', async (_name, { fault }) => {
	engine().sandbox.faults.add({ on: 'submit', skip: 1, times: 2, fault });
	let left = NUMBERS;
	for (let round = 0; round < 3 && left.length > 0; round++) {
		const results = await submit(left);
		left = results.flatMap(({ n, details }) => (NO_TASK_STATUSES.includes(String(details?.['status'])) ? [n] : []));
	}
	expect(left).toEqual([]);
	const videos = engine().sandbox.tasks.map(({ video }) => (video.kind === 'url' ? video.url : 'a file'));
	expect(videos).toEqual([...new Set(videos)]);
});
