import { randomUUID } from 'node:crypto';
import type { Language } from './responses';
import type { TaskOutcome } from './outcomes';
import type { SandboxSettings } from './settings';
import { TaskLife, type SubTaskResult, type TaskRecord } from './taskLife';

export type NewTask = Omit<TaskRecord, 'taskId' | 'subTaskIds' | 'acceptedAt' | 'endedAt' | 'callbacks'>;

/** The maximum delay of a Node.js timer; a longer one would fire immediately. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The accepted tasks. Their state follows the clock; timers only detect an end without a request. */
export class TaskStore {
	readonly records: TaskRecord[] = [];
	private readonly lives = new Map<string, TaskLife>();
	private readonly bySubTask = new Map<string, TaskLife>();
	private readonly timers = new Map<TaskLife, NodeJS.Timeout>();

	/** @param onEnd called once per task, when its last sub-task has ended */
	constructor(
		private readonly settings: SandboxSettings,
		private readonly videoUrl: (subTaskId: string) => string,
		private readonly onEnd: (record: TaskRecord) => void,
	) {}

	/** Creates the task and decides its outcome. */
	accept(task: NewTask): TaskRecord {
		const record: TaskRecord = {
			taskId: randomUUID(),
			subTaskIds: Array.from({ length: this.settings.subTasks }, () => randomUUID()),
			...task,
			acceptedAt: this.settings.now(),
			endedAt: null,
			callbacks: [],
		};
		const wanted = this.settings.outcome(task);
		const outcomes = record.subTaskIds.map((_, index) => (Array.isArray(wanted) ? (wanted[index] ?? 'succeeded') : wanted));
		const life = new TaskLife(record, outcomes, this.settings.taskSeconds * 1000, this.videoUrl);
		this.records.push(record);
		this.lives.set(record.taskId, life);
		for (const id of record.subTaskIds) this.bySubTask.set(id, life);
		this.watch(life);
		return record;
	}

	/** The task of this ID if it belongs to the account. */
	find(taskId: string, accountId: string): TaskRecord | undefined {
		const record = this.lives.get(taskId)?.record;
		return record?.accountId === accountId ? record : undefined;
	}

	/** The account's task with this `request_id`. */
	byRequestId(requestId: string, accountId: string): TaskRecord | undefined {
		return this.records.find((record) => record.accountId === accountId && record.requestId === requestId);
	}

	/** The response of the result query about a task at this time. */
	results({ taskId }: TaskRecord, language: Language): SubTaskResult[] {
		const life = this.life(taskId);
		this.notice(life);
		return life.results(this.settings.now(), language);
	}

	/** Whether this sub-task has a video. */
	hasVideo(subTaskId: string): boolean {
		const life = this.bySubTask.get(subTaskId);
		if (life === undefined) return false;
		return this.results(life.record, 'en').some(({ sub_task_id, video }) => sub_task_id === subTaskId && video !== '');
	}

	/** Ends a task now, or makes it report an odd status; throws if the ID is unknown or the task has ended. */
	settle(taskId: string, outcome: TaskOutcome): void {
		const life = this.life(taskId);
		this.notice(life);
		if (life.record.endedAt !== null) throw new Error(`Task ${taskId} has already ended`);
		life.settle(outcome);
		this.notice(life);
	}

	/** The number of tasks that the account created after this time. */
	acceptedSince(accountId: string, moment: number): number {
		return this.records.filter((record) => record.accountId === accountId && record.acceptedAt > moment).length;
	}

	inProgress(accountId: string): number {
		const open = this.records.filter((record) => record.accountId === accountId && record.endedAt === null);
		for (const { taskId } of open) this.notice(this.life(taskId));
		return open.filter(({ endedAt }) => endedAt === null).length;
	}

	/** Stops all timers; the tasks stay unchanged. */
	close(): void {
		for (const timer of this.timers.values()) clearTimeout(timer);
		this.timers.clear();
	}

	private life(taskId: string): TaskLife {
		const life = this.lives.get(taskId);
		if (life === undefined) throw new Error(`No task ${taskId}`);
		return life;
	}

	/** Marks the task as ended once, if it has ended. */
	private notice(life: TaskLife): void {
		const now = this.settings.now();
		if (life.record.endedAt !== null || !life.hasEnded(now)) return;
		life.record.endedAt = now;
		clearTimeout(this.timers.get(life));
		this.timers.delete(life);
		this.onEnd(life.record);
	}

	private watch(life: TaskLife): void {
		this.notice(life);
		const left = life.record.acceptedAt + this.settings.taskSeconds * 1000 - this.settings.now();
		if (life.record.endedAt !== null || !life.willEnd() || left > MAX_TIMER_MS) return;
		// A timer may fire a millisecond before the clock, and an injected clock may stand still: then check again.
		this.timers.set(life, setTimeout(() => this.watch(life), Math.max(1, left)));
	}
}
