import type { Section } from '../section';
import { measure } from './measure';
import { plots } from './plots';
import type { Raw } from './raw';
import { tables } from './tables';
import { targets } from './targets';

const about = `Many tasks waited for in a real n8n, regular mode: as one run of many items, and as many runs of one item each, called through a webhook, four a second. Each way has a fresh n8n and a fresh service.
The service, in a process of its own, lets each task take the same time, so there is a stretch between the last submit and the first end in which nothing happens but waiting. What is asked, and what n8n's process takes, is counted in that stretch, less what the same n8n took with nothing to do before; "in all" is from the first call of the webhook to the last result.
This section is measured once, whatever the number of runs: it is long, and what it counts hardly differs from run to run. All tasks must come out as succeeded, each from exactly one submit, or it does not count.

- *this node, polling* asks about all tasks at once, whichever run they belong to: 100 in one question. Its pause grows while nothing happens, up to a minute, so it asks less often than the others, and may hear of an end later.
- *this node, callback* puts the execution to sleep until the service has called. It asks once before it sleeps, and again when callbacks come. To wake a run takes n8n more than a tenth of a second of its one main thread: where many tasks end faster than that, callbacks wait for more than the five seconds that HiDream gives them.
- *one question per task* is a small node that submits all items and then asks about each task at every interval until it has ended.
- *Wait and HTTP Request in a loop* is how it is built from n8n's own nodes: submit, Wait, ask, If, and back. Many such runs ask all the time, so that all their questions come close together.`;

/** What it costs to wait for many tasks. */
export const section: Section<Raw> = { name: 'waiting', title: 'Waiting for many tasks', about, measure, tables, plots, targets };
