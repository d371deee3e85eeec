/**
 * A chat model that calls the tool wrongly. Of an error a model sees the message and nothing else, so each must say
 * what is wrong, with which parameter, and what to do; then the model does better, and gets its task.
 */
import type { IDataObject } from 'n8n-workflow';

import { says } from '../../harness/chatModel';
import { STYLES } from '../../sandbox';
import { byModel } from '../support/agentWorkflow';
import { callsTool, toolAnswers, useAgent } from '../support/agent';

jest.setTimeout(240_000);

const on = useAgent();
const right = { video_url: 'https://example.com/dog.mp4', style: 'anime', prompt: '' };
const tell = says((answers) => `The tool said: ${answers.join()}`);

/** Lets the model call the tool wrongly and then rightly; gives the message that it saw in between. */
async function corrected(wrong: IDataObject, then: IDataObject = right): Promise<string> {
	on.model.converse(callsTool(wrong), callsTool(then), tell);
	const { execution, said } = await on.ask(await on.workflow({ parameters: byModel }));
	expect([execution.status, execution.error]).toEqual(['success', undefined]);
	expect(on.sandbox.tasks).toHaveLength(1);
	expect(said).toContain(on.sandbox.tasks[0]?.taskId);
	const [message = ''] = toolAnswers(on.model);
	const [answer, ...more] = JSON.parse(message) as IDataObject[];
	expect([Object.keys(answer ?? {}), more]).toEqual([['error'], []]);
	return String(answer?.['error']);
}

test('an unknown style: the message lists all that there are', async () => {
	const message = await corrected({ ...right, style: 'oil painting' });
	expect(message).toContain('"Style" is "oil painting"');
	for (const style of [...STYLES, 'none']) expect(message).toMatch(new RegExp(`\\b${style}\\b`));
	expect(message).toContain('Use one of');
});

test.each<[string, IDataObject, string, string]>([
	['an object for the URL', { video_url: { href: right.video_url } }, '"Video URL" must be text, but it is an object', 'Use the field of the object'],
	['a list for the style', { style: ['anime'] }, '"Style" must be text, but it is a list', 'Give text for "Style"'],
	['an object for the prompt', { prompt: { text: 'soft' } }, '"Prompt" must be text, but it is an object', 'Give text for "Prompt"'],
	['an empty URL', { video_url: '' }, '"Video URL" is empty', 'Enter one URL'],
	['a URL that is none', { video_url: 'the cat video' }, '"Video URL" is not a URL', 'reached from the public internet'],
	['a file on a disk', { video_url: 'file:///tmp/cat.mp4' }, '"Video URL" does not begin with https://', 'Binary File'],
	['no style and no prompt', { style: 'none' }, '"Prompt" is empty, and "Style" is None', 'Write a prompt, or choose a style'],
])('%s: the message says what is wrong and what to do', async (_, wrong, what, advice) => {
	const message = await corrected({ ...right, ...wrong });
	expect(message).toContain(what);
	expect(message).toContain(advice);
});

test('no URL at all: the message asks for one', async () => {
	const { style, prompt } = right;
	expect(await corrected({ style, prompt })).toContain('"Video URL" is empty');
});

test('a private URL: the message says that HiDream cannot reach it, and nothing is sent', async () => {
	on.model.converse(callsTool({ ...right, video_url: 'http://192.168.1.7/cat.mp4' }), tell);
	const workflow = await on.workflow({ parameters: byModel }, { baseUrl: 'https://hidream.example' });
	const { execution, said } = await on.ask(workflow);
	expect(execution.status).toBe('success');
	expect(said).toContain('points to 192.168.1.7, which HiDream cannot reach from the internet');
	expect(said).toContain('Enter one URL that can be reached from the public internet');
});

test.each([
	['Ink Wash', 'ink_wash'],
	['Ink wash', 'ink_wash'],
	['ink-wash', 'ink_wash'],
	['Cyberpunk', 'cyber_punk'],
	['van gogh', 'van_goph'],
	['Hayao Miyazaki', 'hayao_miyazaki'],
])('the style "%s" is understood, and is the same order as "%s"', async (style, sent) => {
	on.model.converse(callsTool({ ...right, style }), callsTool({ ...right, style: sent }), tell);
	await on.ask(await on.workflow({ parameters: byModel }));
	expect(on.sandbox.tasks).toMatchObject([{ style: sent }]);
	const answer = [{ task_id: on.sandbox.tasks[0]?.taskId, status: 'submitted', style: sent }];
	expect(toolAnswers(on.model).map((text) => JSON.parse(text) as unknown)).toMatchObject([answer, answer]);
});

test('a service that refuses: the message gives its reason, and what to do', async () => {
	on.sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'code', code: 2007, message: 'no credits' } });
	const message = await corrected(right);
	expect(message).toContain('code 2007');
	expect(message).toMatch(/credits/);
});
