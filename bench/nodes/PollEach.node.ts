import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { setTimeout as sleep } from 'node:timers/promises';
import { plainNode } from './description';
import { TARGET, targetOf } from './target';

/** HiDream's status codes for a sub-task that waits or runs. */
const RUNNING = [0, 2];

const MAX_CONCURRENT = 10;

/** Whether the task of this response has ended. */
function hasEnded({ result }: IDataObject): boolean {
	const { sub_task_results: subTasks } = result as { sub_task_results: Array<{ task_status: number }> };
	return subTasks.every(({ task_status: status }) => !RUNNING.includes(status));
}

/** Submits the URL of each item and requests the status of each task at an interval until it has ended. */
export class PollEach implements INodeType {
	description = plainNode('pollEach', 'Poll each', [...TARGET, 'videoUrl', 'pollSeconds']);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { url, headers } = targetOf(this);
		const text = (name: string, i: number): string => this.getNodeParameter(name, i) as string;
		const pollMs = Number(text('pollSeconds', 0)) * 1_000;
		const submit = async (i: number): Promise<string> => {
			const body = { style: 'anime', video_name: text('videoUrl', i) };
			const { result } = (await this.helpers.httpRequest({ method: 'POST', url, headers, body, json: true })) as { result: { task_id: string } };
			return result.task_id;
		};
		const wait = async (i: number, taskId: string): Promise<INodeExecutionData> => {
			for (;;) {
				await sleep(pollMs);
				const json = (await this.helpers.httpRequest({ url: `${url}/results`, qs: { task_id: taskId }, headers, json: true })) as IDataObject;
				if (hasEnded(json)) return { json, pairedItem: i };
			}
		};
		const indexes = this.getInputData().keys();
		const waits: Array<Promise<INodeExecutionData>> = [];
		const lane = async (): Promise<void> => {
			for (const i of indexes) waits[i] = wait(i, await submit(i));
		};
		await Promise.all(Array.from({ length: MAX_CONCURRENT }, lane));
		return [await Promise.all(waits)];
	}
}
