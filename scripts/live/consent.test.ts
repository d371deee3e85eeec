/** Nothing is spent without permission. */
import { mayPay, describeSubmits } from './consent';

/** The decision, the output and the questions when the user types this. */
async function decide(consent: Parameters<typeof mayPay>[0], typed: string | undefined) {
	const [printed, asked]: [string[], string[]] = [[], []];
	const askUser = typed === undefined ? undefined : async (question: string) => (asked.push(question), typed);
	const may = await mayPay(consent, 'the plan', (line) => void printed.push(line), askUser);
	return { may, printed, asked: asked.length };
}

test.each([['yes', true], [' yes ', true], ['no', false], ['', false], ['y', false], ['YES', false]])('the user types "%s" under the plan', async (typed, may) => {
	expect(await decide({}, typed)).toEqual({ may, printed: ['the plan'], asked: 1 });
});

test('--yes shows the plan and does not ask; --free does neither; both are free', async () => {
	expect(await decide({ yes: true }, 'no')).toEqual({ may: true, printed: ['the plan'], asked: 0 });
	expect(await decide({ free: true }, 'yes')).toEqual({ may: false, printed: [], asked: 0 });
	expect(await decide({ free: true, yes: true }, 'yes')).toEqual({ may: false, printed: [], asked: 0 });
});

test('without a terminal, spends nothing and says what to do', async () => {
	const printed: string[] = [];
	const stdin = jest.spyOn(process, 'stdin', 'get').mockReturnValue({ isTTY: false } as typeof process.stdin);
	const may = await mayPay({}, 'the plan', (line) => void printed.push(line));
	stdin.mockRestore();
	expect([may, printed]).toEqual([false, ['the plan', expect.stringMatching(/--yes.*--free/)]]);
});

test('the plan says what is submitted, where and that it costs money', () => {
	const subject = { baseUrl: 'https://hidream.example.com', token: 'sk-secret', apiKey: '', video: 'https://videos.example.com/a.mp4' };
	const plan = describeSubmits({ ...subject, notifyUrl: 'https://me.example.com/x', refusedPrompt: 'bad' });
	for (const words of ['https://hidream.example.com', 'at most 3 tasks', 'https://videos.example.com/a.mp4', 'https://me.example.com/x', 'costs credits', 'should refuse']) {
		expect(plan).toContain(words);
	}
	expect(plan).not.toContain('sk-secret');
	expect(describeSubmits(subject)).not.toContain('should refuse');
});
