/** The vendor's numbers and words, as far as they are known. */
import { isOk, meaningOf } from '../../../nodes/hidream/codes';
import { RATE_WINDOW_MS, TASKS_PER_MINUTE } from '../../../nodes/hidream/limits';
import { styleOf, PROMPT_ONLY, STYLES } from '../../../nodes/hidream/styles';

const VALUES = [
	'abstract',
	'anime',
	'barbie_doll',
	'cartoon',
	'cyber_punk',
	'hayao_miyazaki',
	'ink_wash',
	'van_goph',
	'vector_art',
	'watercolor',
];

test('the ten styles, in the vendor\'s spelling', () => {
	expect(STYLES.map(({ value }) => value).sort()).toEqual(VALUES);
	expect(new Set(STYLES.map(({ name }) => name)).size).toBe(10);
});

test.each(VALUES)('%s is a style', (value) => expect(styleOf(value)).toBe(value));

test.each([
	['Ink Wash', 'ink_wash'],
	['ink-wash', 'ink_wash'],
	['INK WASH', 'ink_wash'],
	['Cyberpunk', 'cyber_punk'],
	['van_gogh', 'van_goph'],
	['None', PROMPT_ONLY],
	['None (Prompt Only)', PROMPT_ONLY],
])('%j means %s', (text, value) => expect(styleOf(text)).toBe(value));

test.each(['', '_', 'ink', 'ink wash, anime', '水墨', 'toString', '__proto__'])('%j is none', (text) => {
	expect(styleOf(text)).toBeUndefined();
});

test('two tasks a minute', () => {
	expect([TASKS_PER_MINUTE, RATE_WINDOW_MS]).toEqual([2, 60_000]);
});

test.each([2007, 2031, 'insufficient_credits', 'INSUFFICIENT CREDITS', ' trade_no_credits_available\n'])('code %p ends the run', (code) => {
	expect(meaningOf(code)).toMatchObject({ stopsRun: true });
});

test.each([2004, 2020])('code %i is known, and does not end the run', (code) => {
	expect(meaningOf(code)?.advice).toMatch(/\./);
	expect(meaningOf(code)?.stopsRun).toBeUndefined();
});

test.each([0, 'ok', 'SUCCESS', ' succeeded '])('code %p says yes', (code) => expect(isOk(code)).toBe(true));
test.each([undefined, 1, 200, 'okay', 'insufficient_credits', ''])('code %p does not', (code) => expect(isOk(code)).toBe(false));

test.each([undefined, 0, 1, -1, 200, 2006, 2008, NaN, Infinity, 'constructor', '__proto__', 'credits'])('code %p has no meaning of its own', (code) => {
	expect(meaningOf(code)).toBeUndefined();
});
