import type { Section } from '../section';
import { measure } from './measure';
import { plots } from './plots';
import type { Raw } from './raw';
import { tables } from './tables';
import { targets } from './targets';

const about = `Waiting for many tasks in a real n8n in regular mode: as one run of many items, and as many runs of one item each, started by a webhook, four per second. Each way has a new n8n and a new service.
The service, in a separate process, lets all tasks take the same time, so that n8n only waits between the last submit and the first end. Status requests and n8n's processor time are counted during that time, minus those of the same n8n when idle; "in all" is from the first call of the webhook to the last result.
This section is measured once, whatever the number of runs: it is long, and its figures hardly differ from run to run. It only counts if all tasks succeed, each from exactly one submit.

- *this node, polling* requests the status of all tasks together, whatever run they belong to: 100 tasks in one batch request. Its interval grows while nothing changes, up to a minute, so it sends fewer requests than the others, and may detect an end later.
- *this node, callback* suspends the execution until the service has called. It requests the status once before it suspends, and again when callbacks arrive. To resume a run takes n8n more than a tenth of a second of its main thread: if tasks end faster than that, callbacks wait for more than HiDream's five seconds.
- *one question per task* is a small node that submits all items and then requests the status of each task at every interval until it has ended.
- *Wait and HTTP Request in a loop* is the same with n8n's own nodes: submit, Wait, status request, If, and back. Many such runs send their requests close together.`;

/** The cost of waiting for many tasks. */
export const section: Section<Raw> = { name: 'waiting', title: 'Waiting for many tasks', about, measure, tables, plots, targets };
