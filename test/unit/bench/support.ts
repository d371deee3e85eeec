import type { Machine } from '../../../bench/report/machine';
import type { Chapter } from '../../../bench/report/page';

export const MACHINE: Machine = {
	cpu: 'Quick One',
	cores: 2,
	memoryGiB: 24,
	system: 'Linux x64',
	node: 'v20.0.0',
	n8nNode: 'v24.0.0',
	n8n: '2.41.1',
	commit: 'abc123',
};

/** A measured section; `more` is what differs from a plain one. */
export const chapter = (name: string, more: { machine?: Partial<Machine>; met?: boolean } = {}): Chapter => ({
	section: { name, title: `About ${name}`, about: `How ${name} is measured.` },
	results: { section: name, date: '2026-01-02T03:04:05.678Z', runs: 5, machine: { ...MACHINE, ...more.machine }, raw: {} },
	shown: {
		tables: [{ caption: `Table of ${name}`, head: ['a', 'b'], rows: [['x', '1']] }],
		plots: [{ name: `${name}-plot`, alt: `A plot [of] ${name}`, height: 100, option: {} }],
		targets: [{ measure: `${name} time`, target: '≤ 1 s', measured: '2 s', met: more.met ?? false }],
	},
});
