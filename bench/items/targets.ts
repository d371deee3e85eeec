import { cell } from '../report/runs';
import type { Target } from '../section';
import { cpuPerItem } from './cells';
import type { Raw, WayRow } from './raw';
import { inFlightWords } from './tables';

const MOST = 1;

/** Compares this node with HTTP Request at the same number in flight. */
function target(raw: Raw, subject: WayRow, peer: WayRow): Target {
	const [ours, theirs] = [subject, peer].map(({ name }) => cell(raw.runs, name, cpuPerItem(raw)));
	const measure = `CPU per item over ${peer.label}'s, ${inFlightWords(subject, raw.items)} in flight`;
	const wanted = { measure, target: `≤ ${MOST.toFixed(1)}` };
	if (typeof ours !== 'number' || typeof theirs !== 'number') return { ...wanted, measured: 'not measured on both sides', met: false };
	const share = ours / theirs;
	return { ...wanted, measured: `${share.toFixed(2)} (${ours.toFixed(2)} of ${theirs.toFixed(2)} ms)`, met: share <= MOST };
}

/** What the design promises, at each number in flight that both sides were measured with. */
export function targets(raw: Raw): Target[] {
	const subjects = raw.ways.filter(({ role }) => role === 'subject');
	const peers = raw.ways.filter(({ role }) => role === 'peer');
	return subjects.flatMap((subject) => peers.filter(({ inFlight }) => inFlight === subject.inFlight).map((peer) => target(raw, subject, peer)));
}
