import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { program } from 'commander';
import { projectFolder } from '../harness/packageTarball';
import { DEFAULT_BASE_URL, parseBaseUrl } from '../nodes/hidream/endpoints';
import { baseUrlText } from '../nodes/shared/messages/aboutInput';
import { allAgree, checkLive } from './live/check';
import { mayPay, describeSubmits, readSecrets, type Consent } from './live/consent';
import { answerTable, inFull } from './live/table';

interface Options extends Consent {
	baseUrl: string;
	videoUrl?: string;
	notifyUrl?: string;
	callbackPort: string;
	refusedPrompt?: string;
	record?: string;
}

program
	.name('npm run check:live --')
	.description('Compares the real HiDream with what the code assumes. The exit code is 0 if everything matches.')
	.option('--free', 'only send requests that cost nothing')
	.option('--yes', 'submit without asking: at most three tasks, which cost credits')
	.option('--base-url <url>', 'the Base URL; for example of the fake HiDream server', DEFAULT_BASE_URL)
	.option('--video-url <url>', 'a video at a public URL; a sample file by default')
	.option('--notify-url <url>', 'a public URL that leads to the callback port of this machine')
	.option('--callback-port <number>', 'port for callbacks on this machine', '8787')
	.option('--refused-prompt <text>', 'a prompt that HiDream should refuse; not tried by default')
	.option('--record <file>', 'write the responses to this file; npm run sandbox -- --recording <file> replays them');

async function main(options: Options): Promise<number> {
	const baseUrl = parseBaseUrl(options.baseUrl);
	if (!baseUrl.ok) throw new Error(`--base-url cannot be used: ${baseUrlText(baseUrl.reason)}.`);
	const secrets = await readSecrets(process.env);
	const sample = await readFile(resolve(projectFolder, 'sandbox', 'media', 'sample.mp4'), 'base64');
	const { videoUrl: video = sample, notifyUrl, refusedPrompt } = options;
	const subject = { baseUrl: baseUrl.url, ...secrets, video, ...(notifyUrl && { notifyUrl }), ...(refusedPrompt && { refusedPrompt }) };
	const print = (line: string) => console.log(line);
	const recording = await checkLive({
		subject,
		mayPay: async () => await mayPay(options, describeSubmits(subject), print),
		callbackPort: Number(options.callbackPort),
		print,
	});
	console.log(`${inFull(recording)}\n\n${answerTable(recording)}`);
	const file = resolve(options.record ?? `hidream-recording-${recording.recordedAt.slice(0, 10)}.json`);
	await mkdir(dirname(file), { recursive: true });
	await writeFile(file, `${JSON.stringify(recording, null, '\t')}\n`);
	console.log(`\nThe responses are in ${file}, without secrets. Replay them: npm run sandbox -- --recording ${file}`);
	return allAgree(recording) ? 0 : 1;
}

main(program.parse().opts<Options>())
	.catch((error: unknown) => {
		console.error(error instanceof Error ? error.message : String(error));
		return 2;
	})
	.then((code) => process.exit(code));
