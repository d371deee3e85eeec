/**
 * n8n in queue mode: what several processes do together, and what remains when a process or a connection dies. One n8n for
 * all tests.
 */
import { crashSettings } from '../support/crash';
import { batch } from './stories/batch';
import { callbacks } from './stories/callbacks';
import { connections } from './stories/connections';
import { everything } from './stories/everything';
import { main } from './stories/main';
import { trigger } from './stories/trigger';
import { webhookProcess } from './stories/webhookProcess';
import { worker } from './stories/worker';
import { useQueue } from './support/queue';

jest.setTimeout(300_000);

// On SIGTERM a worker finishes its executions, by default for 30 s; the harness waits 15 s.
const queue = useQueue({ N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '8' });

/** Tasks end when a test settles them. */
const endless = { taskSeconds: 3_600 };

describe('callbacks', () => callbacks(queue(endless)));
describe('trigger', () => trigger(queue(endless)));
describe('kill -9 of a worker', () => worker(queue(endless)));
describe('a batch when its worker ends', () => batch(queue(crashSettings)));
describe('kill -9 of the webhook process', () => webhookProcess(queue(endless)));
describe('kill -9 of main', () => main(queue(endless)));
describe('kill -9 of everything', () => everything(queue(endless)));
// The real service calls back three times within about 2 s; here it calls until it gets a response.
describe.each(['Redis', 'PostgreSQL'] as const)('all connections to %s break', (service) => connections(queue({ ...endless, callbackAttempts: Infinity }), service));
