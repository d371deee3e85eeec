/** Takes one line of progress. */
export type Report = (line: string) => void;

const interval = 3000;

/** Lines that tell nothing: npm's warnings, empty lines, a compiler's drawings under its warnings. */
const noise = /^npm (warn|notice)|^[^a-z]*$/i;

/** Runs long work and reports, every few seconds, how long it has run, how much it wrote, and its last line. */
export async function withProgress(
	name: string,
	report: Report,
	work: (onLine: (line: string) => void) => Promise<void>,
): Promise<void> {
	const started = Date.now();
	let downloads = 0;
	let last = '';
	const say = (): void => {
		const seconds = Math.round((Date.now() - started) / 1000);
		const fetched = downloads === 0 ? '' : `, ${downloads} downloads`;
		report(`${name}: ${seconds} s${fetched}${last === '' ? '' : ` · ${shorten(last)}`}`);
	};
	say();
	const timer = setInterval(say, interval);
	try {
		await work((line) => {
			if (/^npm http (fetch|cache)/.test(line)) downloads += 1;
			else if (!noise.test(line)) last = line.trim();
		});
		last = 'done';
	} finally {
		clearInterval(timer);
		say();
	}
}

function shorten(line: string): string {
	return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
