import { cell } from '../report/runs';
import type { Target } from '../section';
import { cpuPerItem } from './cells';
import type { Raw, WayRow } from './raw';

const MAX = 0.8;

/** Compares this node with HTTP Request with a credential, with the same number in flight. */
function target(raw: Raw, subject: WayRow, peer: WayRow): Target {
	const [ours, theirs] = [subject, peer].map(({ name }) => cell(raw.runs, name, cpuPerItem(raw)));
	const measure = `CPU per item relative to ${peer.label}, ${subject.inFlight} in flight`;
	const wanted = { measure, target: `≤ ${MAX.toFixed(1)}` };
	if (typeof ours !== 'number' || typeof theirs !== 'number') return { ...wanted, measured: 'not measured for both', met: false };
	const share = ours / theirs;
	return { ...wanted, measured: `${share.toFixed(2)} (${ours.toFixed(2)} of ${theirs.toFixed(2)} ms)`, met: share <= MAX };
}

/** The design's targets, for each number in flight that was measured for both. */
export function targets(raw: Raw): Target[] {
	const subjects = raw.ways.filter(({ role }) => role === 'subject');
	const peers = raw.ways.filter(({ name }) => name.startsWith('httpCredential'));
	return subjects.flatMap((subject) => peers.filter(({ inFlight }) => inFlight === subject.inFlight).map((peer) => target(raw, subject, peer)));
}
