import { ask, askHidden, hasTerminal, NotAgreed } from '../terminal';
import { MAX_TASKS } from './budget';
import type { LiveSubject } from './inquiry';

export interface Consent {
	free?: true;
	yes?: true;
}

/** The user's token and API key: from the environment, or from the terminal. */
export async function readSecrets(env: NodeJS.ProcessEnv): Promise<{ token: string; apiKey: string }> {
	const [token, apiKey] = [env['HIDREAM_ACCESS_TOKEN']?.trim() ?? '', env['HIDREAM_API_KEY']?.trim() ?? ''];
	if (token !== '' || apiKey !== '') return { token, apiKey };
	if (!hasTerminal()) throw new NotAgreed('Set HIDREAM_ACCESS_TOKEN (or HIDREAM_API_KEY): there is no terminal to ask on. Nothing was sent.');
	const typed = (await askHidden('HiDream access token (hidden): ')).trim();
	if (typed === '') throw new NotAgreed('No access token was given. Nothing was sent.');
	return { token: typed, apiKey };
}

/** Describes the requests that cost credits. */
export function describeSubmits({ baseUrl, video, notifyUrl, refusedPrompt }: LiveSubject): string {
	const source = /^https?:/.test(video) ? `the video at ${video}` : `a sample video of ${Math.ceil((video.length * 3) / 4 / 1024)} KB`;
	return [
		`The remaining checks submit to ${baseUrl} with your account, at most ${MAX_TASKS} tasks, each with ${source} and the style "anime":`,
		'  1. one task, to see its response, its result and its video;',
		'  2. the same request again, to see whether it creates a second task;',
		'  3. tasks until a limit refuses one;',
		...(refusedPrompt === undefined ? [] : ['  4. your prompt that HiDream should refuse. HiDream may record it for your account.']),
		...(notifyUrl === undefined ? [] : [`HiDream calls ${notifyUrl}.`]),
		'Each accepted task costs credits of your account. It cannot be taken back. The check takes up to 15 minutes.',
	].join('\n');
}

/**
 * Shows the plan and asks for permission to spend, unless the command line has decided.
 * @param askUser undefined without a terminal
 */
export async function mayPay(
	{ free, yes }: Consent,
	plan: string,
	print: (line: string) => void,
	askUser: ((question: string) => Promise<string>) | undefined = hasTerminal() ? ask : undefined,
): Promise<boolean> {
	if (free) return false;
	print(plan);
	if (yes) return true;
	if (askUser) return (await askUser('Type "yes" to submit: ')).trim() === 'yes';
	print('There is no terminal to ask on, so nothing is submitted. Use --yes to submit, or --free to only send requests that cost nothing.');
	return false;
}
