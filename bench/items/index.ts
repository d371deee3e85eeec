import type { Section } from '../section';
import { measure } from './measure';
import { plots } from './plots';
import type { Raw } from './raw';
import { tables } from './tables';
import { targets } from './targets';

const about = `Many videos by URL in one run of a real n8n, with pacing off: Webhook → Split Out → the submitting node. All ways send the same JSON to a service, in a process of its own, that takes its time for each answer.
Each way has a fresh n8n, which runs the workflow a few times before it counts: what is compared is compiled code. A small node before and after the submitting one calls the benchmark, which reads processor time and memory of n8n's process from outside.
Processor time is that of all threads, without what n8n takes for a No Operation node in the same place. Every item must have become one task, by one request, with its own URL, or the run does not count.

- *HTTP Request* has its token in a header that is typed in. With its option Batching it never waits for answers: it pauses between the *starts* of two batches (with an interval of 0 it does not even do that), so a batch of 100 every 50 ms is about 100 in flight. Without it all requests start in one tick.
- *HTTP Request with a credential* does what this node does, as tokens belong into credentials: n8n reads a credential from its database and decrypts it for each item, which takes it about a millisecond, and HTTP Request asks for it twice. It waits for it before each start, so that its requests do not all start at once after all.
- *bare loop inside n8n* is a node that calls n8n's request helper for each item, so many at a time, and does nothing else: no checks, no ledger, no log, no time limits.
- *seen in flight* is the most submits that the service had before it at one moment. More than 100 is more than the editor lets anybody set in this node; it is there since HTTP Request starts all at once.

n8n evaluates each expression in a virtual machine of its own and takes half a millisecond for it, so all ways have one expression per item.

Where the time of an item goes shows \`npx tsx bench/items/core.ts --profile <folder>\`, in seconds and in n8n-core alone: it prints the same comparison without a server, and leaves a CPU profile of each way.`;

/** Time and processor time of many items by URL. */
export const section: Section<Raw> = { name: 'items', title: 'A thousand items by URL', about, measure, tables, plots, targets };
