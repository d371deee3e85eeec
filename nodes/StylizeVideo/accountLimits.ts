import { PARALLEL_TASKS, TASKS_PER_MINUTE } from '../hidream/limits';
import type { Credential } from '../shared/credential';
import { asChoice, asNumber, asWholeNumber, isUnset } from '../shared/input';

/** What HiDream takes from an account; 0 = no limit. */
export interface AccountLimits {
	parallelTasks: number;
	tasksPerMinute: number;
}

const LEVELS = ['free', 'level1', 'level2', 'level3', 'level4', 'custom'] as const;

const inCredential = (displayName: string): string => `${displayName} (HiDream API Credential)`;

function parallelTasksOf({ accountLevel, parallelTasks }: Credential): number {
	const level = asChoice(accountLevel, inCredential('Account Level'), LEVELS);
	if (level !== 'custom') return PARALLEL_TASKS[level];
	return isUnset(parallelTasks) ? PARALLEL_TASKS.free : asWholeNumber(parallelTasks, inCredential('Parallel Tasks'));
}

/**
 * The limits that a credential gives its account; each may be an expression.
 * @throws InvalidInput naming the field that is wrong
 */
export const readAccountLimits = (credential: Credential): AccountLimits => ({
	parallelTasks: parallelTasksOf(credential),
	tasksPerMinute: isUnset(credential.tasksPerMinute)
		? TASKS_PER_MINUTE
		: asNumber(credential.tasksPerMinute, inCredential('Tasks per Minute')),
});
