import type { Section } from '../section';
import { measure } from './measure';
import { plots } from './plots';
import type { Raw } from './raw';
import { tables } from './tables';
import { targets } from './targets';

const about = `Many videos by URL in one run of a real n8n, without rate limits: Webhook → Split Out → the submitting node. All ways send the same JSON to a service in a separate process, which delays each response.
Each way has a new n8n, which runs the workflow a few times first, so that the figures are those of compiled code. A small node before and after the submitting one calls the benchmark, which reads processor time and memory of n8n's process from outside.
Processor time is that of all threads, minus that of a No Operation node in the same place. A run only counts if every item became one task, by one request, with its own URL.

- *HTTP Request* has its token in a typed header. Its option Batching never waits for responses: it pauses between the *starts* of two batches (with an interval of 0 not even that), so a batch of 100 every 50 ms is about 100 in flight.
- *HTTP Request with a credential* does the same as this node, since tokens belong in credentials: n8n reads a credential from its database and decrypts it for each item, which takes about a millisecond, and HTTP Request reads it twice. It waits for the credential before each start, so its requests do not all start at once.
- *bare loop inside n8n* is a node that calls n8n's request helper for each item, with limited concurrency, and does nothing else: no checks, no ledger, no log, no time limits.
- *seen in flight* is the maximum number of submits that the service had at the same time.

n8n evaluates each expression in a separate virtual machine, which takes half a millisecond, so all ways have one expression per item.

To see where the time of an item goes, run \`npx tsx bench/items/core.ts --profile <folder>\`. It takes seconds in n8n-core alone, prints the same comparison without a server, and writes a CPU profile of each way.`;

/** Time and processor time of many items by URL. */
export const section: Section<Raw> = { name: 'items', title: 'One thousand items by URL', about, measure, tables, plots, targets };
