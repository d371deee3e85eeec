/** The ledger is in n8n's context data, which is saved as JSON and passed to every further attempt. */
import type { IDataObject } from 'n8n-workflow';
import { fingerprint, Ledger } from '../../../nodes/submission/ledger';
import type { Entry } from '../../../nodes/submission/ledger';
import { reasonOf } from '../support/verdicts';

const reborn = (context: IDataObject): IDataObject => JSON.parse(JSON.stringify(context)) as IDataObject;

const ENTRIES: Entry[] = [
	{ state: 'sending', requestId: 'r' },
	{ state: 'accepted', requestId: 'r', taskId: 't', subTaskIds: ['a', 'b'], styleOptions: { style: 'anime', prompt: '' } },
	{ state: 'refused', requestId: 'r' },
	{ state: 'uncertain', requestId: 'r', reason: { code: 'unclearResponse', httpStatus: 502, vendorCode: 7, vendorMessage: '“嗨”\u2028' } },
	{ state: 'uncertain', requestId: 'r', reason: reasonOf('silence') },
];

test.each(ENTRIES)('an entry survives n8n\'s JSON: $state', (entry) => {
	const context: IDataObject = {};
	const first = new Ledger(context, { runIndex: 3 });
	first.write(first.key(0, 'p'), entry);
	const second = new Ledger(reborn(context), { runIndex: 3 });
	expect(second.read(second.key(0, 'p'))).toEqual(entry);
});

test('writes later entries to the context too, and keeps other data there', () => {
	const context: IDataObject = { of: 'somebody else' };
	const ledger = new Ledger(context, { runIndex: 0 });
	const before = JSON.stringify(context);
	ledger.write(ledger.key(0, 'p'), { state: 'refused', requestId: 'r-77' });
	expect(before).not.toContain('r-77');
	expect(JSON.stringify(context)).toContain('r-77');
	expect(context['of']).toBe('somebody else');
});

test('items, contents and runs have their own keys', () => {
	const [run0, run1] = [new Ledger({}, { runIndex: 0 }), new Ledger({}, { runIndex: 1 })];
	const keys = [run0.key(0, 'p'), run0.key(1, 'p'), run0.key(0, 'q'), run1.key(0, 'p'), run0.key(11, 'p'), run1.key(1, 'p')];
	expect(new Set(keys).size).toBe(keys.length);
	expect(new Ledger({}, { runIndex: 0 }).key(0, 'p')).toBe(keys[0]);
});

test('as an AI tool, the content alone is the key', () => {
	const tool = new Ledger({}, undefined);
	expect(tool.key(5, 'p')).toBe(tool.key(0, 'p'));
	expect(tool.key(0, 'q')).not.toBe(tool.key(0, 'p'));
});

test('a new round of a loop drops the entries of earlier rounds; a further attempt keeps its own', () => {
	const context: IDataObject = {};
	for (let runIndex = 0; runIndex < 12; runIndex++) {
		const ledger = new Ledger(context, { runIndex });
		ledger.write(ledger.key(0, 'p'), { state: 'accepted', requestId: 'r', taskId: `task-${runIndex}`, subTaskIds: [], styleOptions: { style: 'anime', prompt: '' } });
	}
	const round11 = new Ledger(reborn(context), { runIndex: 11 });
	expect(round11.acceptedTaskIds()).toEqual(['task-11']);
	expect(new Ledger(context, { runIndex: 1 }).acceptedTaskIds()).toEqual([]);
});

test('as an AI tool, every call finds the entries of earlier calls', () => {
	const context: IDataObject = {};
	const first = new Ledger(context, undefined);
	first.write(first.key(0, 'p'), { state: 'accepted', requestId: 'r', taskId: 'task-1', subTaskIds: [], styleOptions: { style: 'anime', prompt: '' } });
	const second = new Ledger(reborn(context), undefined);
	expect(second.read(second.key(3, 'p'))).toHaveProperty('taskId', 'task-1');
});

test('as an AI tool, concurrent calls do not lose each other\'s entries', () => {
	const context: IDataObject = {};
	const [one, two] = [new Ledger(context, undefined), new Ledger(context, undefined)];
	one.write(one.key(0, 'p'), { state: 'accepted', requestId: 'r', taskId: 'task-1', subTaskIds: [], styleOptions: { style: 'anime', prompt: '' } });
	two.write(two.key(0, 'q'), { state: 'accepted', requestId: 's', taskId: 'task-2', subTaskIds: [], styleOptions: { style: 'anime', prompt: '' } });
	expect(new Ledger(reborn(context), undefined).acceptedTaskIds()).toEqual(['task-1', 'task-2']);
});

test('lists the accepted tasks', () => {
	const ledger = new Ledger({}, { runIndex: 0 });
	ENTRIES.forEach((entry, n) => ledger.write(ledger.key(n, 'p'), entry));
	expect(ledger.acceptedTaskIds()).toEqual(['t']);
});

test('lists the requests that may have made a task: those without an outcome, and the uncertain ones', () => {
	const ledger = new Ledger({}, { runIndex: 0 });
	ENTRIES.forEach((entry, n) => ledger.write(ledger.key(n, 'p'), { ...entry, requestId: entry.state }));
	expect(ledger.unclearRequests().map(({ requestId }) => requestId).sort()).toEqual(['sending', 'uncertain', 'uncertain']);
});

test('names that every object has are no entries', () => {
	const ledger = new Ledger({}, undefined);
	for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) expect(ledger.read(key)).toBeUndefined();
});

test('such a key in the saved data does no harm', () => {
	const context = JSON.parse('{"hiDreamSubmissions":{"__proto__":{"state":"accepted","taskId":"forged"}}}') as IDataObject;
	expect(new Ledger(context, { runIndex: 0 }).acceptedTaskIds()).toEqual([]);
	expect(new Ledger(reborn(context), undefined).read('tool:p')).toBeUndefined();
	expect(Object.hasOwn(Object.prototype, 'state')).toBe(false);
});

test('a fingerprint depends on the parts and their borders, and is short', () => {
	const prints = [['ab', 'c'], ['a', 'bc'], ['abc'], ['abc', ''], ['abc', undefined, ''], ['"],["']].map(fingerprint);
	expect(new Set(prints).size).toBe(prints.length);
	expect(fingerprint(['ab', 'c'])).toBe(prints[0]);
	for (const print of prints) expect(print).toMatch(/^[0-9a-f]{32}$/);
});
