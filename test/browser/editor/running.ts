import type { EditorContext } from '../support/editor';
import { nodeName, publicVideo } from '../support/editor';

/** A run in the editor: its output, its error, and the finished video. */
export function running(on: EditorContext): void {
	const submit = { operation: 'submit', inputType: 'url', videoUrl: publicVideo, style: 'ink_wash', prompt: 'morning mist', options: {} };

	test('the output panel shows the task ID, as a table and as JSON', async () => {
		const editor = await on.editor();
		await editor.openWorkflow((await on.workflow(submit)).id);
		await editor.run(nodeName);
		const { output } = await editor.openNode(nodeName);
		const [task] = on.sandbox.tasks;
		expect(on.sandbox.tasks).toHaveLength(1);
		const taskId = task?.taskId ?? '';
		await output.show('table');
		expect(await output.text(taskId)).toMatch(/task_id[\s\S]*request_id[\s\S]*submitted[\s\S]*ink_wash/);
		await output.show('json');
		const json = JSON.parse((await output.text(taskId)).replace(/^[^[]*\[/, '[').replace(/\u00a0/g, ' ')) as unknown;
		expect(json).toEqual([
			{ task_id: taskId, sub_task_ids: task?.subTaskIds, request_id: task?.requestId, status: 'submitted', style: 'ink_wash', prompt: 'morning mist' },
		]);
	});

	test('without credits the run shows an error with a hint', async () => {
		const { accessToken } = on.sandbox.addAccount({ credits: 0 });
		const credential = await on.n8n.credential(on.sandbox, { accessToken });
		const editor = await on.editor();
		await editor.openWorkflow((await on.workflow(submit, credential)).id);
		const node = await editor.openNode(nodeName);
		await node.execute();
		const { message, description } = await node.output.error();
		expect(message).toMatch(/credit|2007/i);
		expect(description).toMatch(/credits/i);
		expect(on.sandbox.tasks).toHaveLength(0);
	});

	test('after the wait, the binary view plays the finished video', async () => {
		const editor = await on.editor();
		const waiting = { ...submit, operation: 'submitAndWait', waitFor: 'polling', downloadVideo: true, options: { pollInterval: 2 } };
		await editor.openWorkflow((await on.workflow(waiting)).id);
		const node = await editor.openNode(nodeName);
		await node.execute();
		const video = await node.output.playVideo();
		expect(video).toMatchObject({ width: 320, height: 180 });
		expect(video.readyState).toBeGreaterThanOrEqual(2);
		expect(video.seconds).toBeGreaterThan(0);
		await node.output.show('json');
		expect(await node.output.text(on.sandbox.tasks[0]?.taskId ?? 'no task')).toContain('succeeded');
		await node.output.show('table');
		expect(await node.output.text(on.sandbox.tasks[0]?.taskId ?? 'no task')).toMatch(/status[\s\S]*video_url[\s\S]*failure_reason[\s\S]*task_id[\s\S]*succeeded/);
	});

	test('the table shows the reason of a failed task, with a hint above it', async () => {
		const editor = await on.editor();
		const waiting = { ...submit, prompt: '[fail]', operation: 'submitAndWait', waitFor: 'polling', options: { pollInterval: 2 } };
		await editor.openWorkflow((await on.workflow(waiting)).id);
		const node = await editor.openNode(nodeName);
		await node.execute();
		await node.output.text('1 of 1 tasks failed:');
		await node.output.show('table');
		expect(await node.output.text(on.sandbox.tasks[0]?.taskId ?? 'no task')).toMatch(/status[\s\S]*failure_reason[\s\S]*failed/);
	});

	test('Check shows its report and submits nothing', async () => {
		const editor = await on.editor();
		await editor.openWorkflow((await on.workflow({ ...submit, operation: 'check' })).id);
		const node = await editor.openNode(nodeName);
		await node.execute();
		await node.output.show('table');
		expect(await node.output.text('checked')).toMatch(/status[\s\S]*items[\s\S]*tasks[\s\S]*checked/);
		expect(on.sandbox.tasks).toHaveLength(0);
	});
}
