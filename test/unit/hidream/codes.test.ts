/** HiDream's error codes: the node's table, the fake HiDream server's own list, and the documentation. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CODE_MEANINGS, codeKey, isOk, meaningOf } from '../../../nodes/hidream/codes';
import { CODE_HINTS } from '../../../nodes/shared/messages/aboutResponses';
import { RESPONSES, VENDOR_CODES } from '../../../sandbox/responses';

const known = [...CODE_MEANINGS.keys()];
const served = VENDOR_CODES.map(({ code }) => codeKey(code));

test('the fake HiDream server knows the same codes', () => {
	expect([
		...known.filter((code) => !served.includes(code)).map((code) => `Add { code: ${code}, … } to VENDOR_CODES in sandbox/responses.ts`),
		...served.filter((code) => !known.includes(code)).map((code) => `Add ['${code}', { says: … }] to CODE_MEANINGS in nodes/hidream/codes.ts`),
	]).toEqual([]);
});

const errors = readFileSync(join(__dirname, '../../../docs/errors.md'), 'utf8');

test('docs/errors.md lists each code', () => {
	const missing = known.filter((code) => !new RegExp(`(code|HTTP) ${code}\\b|\`${code}\``).test(errors));
	expect(missing.map((code) => `Add a row for code ${code} to docs/errors.md`)).toEqual([]);
});

test.each([
	['the codes that are known to mean "no task"', /any status with a `code` that is known to mean "no task" \(([^)]*)\)/, known],
	['the codes that stop the run', /([^.]*) stop the run \|/, known.filter((code) => CODE_MEANINGS.get(code)?.fatal)],
])('docs/errors.md lists %s', (_, list, codes) => {
	const listed = list.exec(errors)?.[1]?.match(/\d+|(?<=`)\w+(?=`)/g);
	expect(listed?.sort()).toEqual([...codes].sort());
});

test('the node does not know a code that the fake HiDream server invents', () => {
	const invented = Object.values(RESPONSES).filter(({ mark }) => mark === 'INVENTED').map(({ code }) => String(code));
	expect(invented.filter((code) => known.includes(code))).toEqual([]);
});

test.each([...CODE_MEANINGS])('code %s has a hint in sentences', (_, { says }) => {
	expect(CODE_HINTS[says]).toMatch(/^[A-Z].*\.$/);
});

test.each([2007, 2031, 'insufficient_credits', 'INSUFFICIENT CREDITS', ' trade_no_credits_available\n'])('code %p ends the run', (code) => {
	expect(meaningOf(code)).toMatchObject({ fatal: true });
});

test.each([2004, 2020])('code %i is known and does not end the run', (code) => {
	expect(meaningOf(code)?.says).toMatch(/\w/);
	expect(meaningOf(code)?.fatal).toBeUndefined();
});

test.each([0, 'ok', 'SUCCESS', ' succeeded ', 'accepted'])('code %p means success', (code) => expect(isOk(code)).toBe(true));
test.each([undefined, 1, 200, 'okay', 'insufficient_credits', ''])('code %p does not mean success', (code) => expect(isOk(code)).toBe(false));

test.each([undefined, 0, 1, -1, 200, 2006, 2008, NaN, Infinity, 'constructor', '__proto__', 'credits'])('code %p has no meaning', (code) => {
	expect(meaningOf(code)).toBeUndefined();
});
