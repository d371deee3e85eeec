import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { taskNamedIn } from './budget';
import { replyText, type LiveReply } from './client';
import { askAfterTheEnd, waitForEnds } from './ended';
import type { Inquiry } from './inquiry';
import { interpretSubmit } from './interpret';

const isBusy = (reply: LiveReply): boolean => {
	const verdict = interpretSubmit(reply);
	return verdict?.kind === 'refused' && verdict.retryReason === 'busy';
};

/** Records whether a repeated `request_id` creates a second task, if the second response is conclusive. */
function recordRepeat({ findings }: Inquiry, first: string, repeat: LiveReply): void {
	const taskId = taskNamedIn(repeat);
	if (taskId === undefined) return;
	const found = taskId === first ? 'one' : 'two';
	findings.addReply('sameRequestId', repeat, { agrees: found === 'two', says: `${found === 'one' ? 'one task' : 'two tasks'}`, found });
}

/** Submits new tasks until one is refused or the budget is used up. */
async function askLimits(inquiry: Inquiry): Promise<void> {
	const { budget, findings } = inquiry;
	while (budget.left > 0) {
		const made = budget.taskIds.length;
		const reply = await inquiry.submit();
		if (taskNamedIn(reply) !== undefined) continue;
		const question = made === 1 ? 'parallelLimit' : 'rateLimit';
		findings.addReply(question, reply, { agrees: isBusy(reply), says: `after ${made} accepted` });
		if (question === 'parallelLimit') findings.skip(['rateLimit'], 'the account has one parallel task, so it cannot submit a third task in a minute');
		findings.skip(['parallelLimit'], `the account has at least ${made} parallel tasks`);
		return;
	}
	findings.skip(['parallelLimit'], `the account has at least ${budget.taskIds.length} parallel tasks`);
	findings.addFinding('rateLimit', { agrees: false, says: `${budget.taskIds.length} tasks within a minute were accepted, see TASKS_PER_MINUTE in limits.ts` });
}

/**
 * A repeated request was refused while its task ran: because of a limit, or because of the `request_id`? Asks again without
 * a running task.
 */
async function askRepeatAgain(inquiry: Inquiry, first: string, requestId: string, refusal: LiveReply): Promise<void> {
	const { budget, findings } = inquiry;
	if (budget.taskIds.length > 1) {
		// A new request was accepted at the same time, so the reason was not a limit.
		return findings.addReply('sameRequestId', refusal, { agrees: false, says: 'refused, and another was not', found: 'refuse' });
	}
	await sleep(inquiry.pace.minute);
	const again = await inquiry.submit({ requestId });
	recordRepeat(inquiry, first, again);
	if (taskNamedIn(again) !== undefined) return;
	const known = replyText(again) === replyText(refusal);
	findings.addReply('sameRequestId', again, { agrees: false, says: 'refused, and its task has ended', ...(known && { found: 'refuse' }) });
}

/** Sends the user's prompt that the service should refuse. */
async function askRefusedPrompt(inquiry: Inquiry): Promise<void> {
	const { budget, findings, subject, pace } = inquiry;
	const prompt = subject.refusedPrompt;
	if (prompt === undefined) return findings.skip(['refusedPrompt'], 'no prompt was given (--refused-prompt)');
	if (budget.left < 1) return findings.skip(['refusedPrompt'], 'the budget was used up before');
	await waitForEnds(inquiry, [...budget.taskIds]);
	await sleep(pace.minute);
	const reply = await inquiry.submit({ prompt });
	const taskId = taskNamedIn(reply);
	const verdict = interpretSubmit(reply);
	const end = taskId === undefined ? '' : `accepted, and ended as ${(await waitForEnds(inquiry, [taskId])).get(taskId)?.status ?? 'nothing yet'}`;
	const agrees = verdict?.kind === 'refused' && verdict.retryReason === undefined && verdict.fatal !== true;
	findings.addReply('refusedPrompt', reply, { agrees, ...(end !== '' && { says: end }) });
}

/** Asks the questions that need tasks. The budget limits them, whatever the service does. */
export async function askPaid(inquiry: Inquiry): Promise<void> {
	const { findings, budget } = inquiry;
	const requestId = randomUUID();
	const first = await inquiry.submit({ requestId });
	const taskId = taskNamedIn(first);
	findings.addReply('accepted', first, { agrees: interpretSubmit(first)?.kind === 'accepted' });
	if (taskId === undefined) {
		const verdict = interpretSubmit(first);
		if (verdict?.kind === 'refused') findings.addReply('noCredits', first, { agrees: verdict.fatal === true, says: 'if this is about credits' });
		return;
	}
	findings.skip(['noCredits'], 'the account has credits');
	const repeat = await inquiry.submit({ requestId });
	recordRepeat(inquiry, taskId, repeat);
	await askLimits(inquiry);
	const ends = await waitForEnds(inquiry, [...budget.taskIds]);
	await askAfterTheEnd(inquiry, taskId, ends);
	if (taskNamedIn(repeat) === undefined) await askRepeatAgain(inquiry, taskId, requestId, repeat);
	await askRefusedPrompt(inquiry);
}
