import type { Recording } from '../../sandbox';
import { openCallbackPost } from './callbackPost';
import { askFree } from './free';
import { Inquiry, PACE, type Pace, type LiveSubject } from './inquiry';
import { askPaid } from './paid';
import { FREE, QUESTIONS, type QuestionId } from './questions';

/** The options of the check. */
export interface LiveRun {
	subject: LiveSubject;
	/** Asks the user for permission to spend; without it, only free requests are sent. */
	mayPay: () => Promise<boolean>;
	/** Port for callbacks on this machine; 0 = a free port. */
	callbackPort: number;
	print: (line: string) => void;
	pace?: Pace;
}

const paid = (Object.keys(QUESTIONS) as QuestionId[]).filter((id) => !FREE.includes(id));

/**
 * Asks a service all questions, free ones first. Findings before an error are kept.
 * @returns the responses without secrets
 */
export async function checkLive({ subject, mayPay, callbackPort, print, pace = PACE }: LiveRun): Promise<Recording> {
	const inquiry = new Inquiry(subject, pace, print);
	const { findings } = inquiry;
	try {
		await askFree(inquiry);
		if (inquiry.token === '') findings.skip(paid, 'the API key gave no token');
		else if (!(await mayPay())) findings.skip(paid, 'it costs credits, and was not requested');
		else {
			if (subject.notifyUrl !== undefined) inquiry.callbackPost = await openCallbackPost(callbackPort);
			await askPaid(inquiry);
			findings.skip(paid, 'the first task was not accepted');
		}
	} catch (error) {
		inquiry.say(`The check ended early: ${error instanceof Error ? error.message : String(error)}`);
	} finally {
		await inquiry.close();
	}
	return findings.recording(subject.baseUrl, new Date());
}

/** Whether every response matches what the code assumes. */
export const allAgree = ({ answers }: Recording): boolean => Object.values(answers).every((recorded) => !recorded.asked || recorded.agrees);
