import type { Section } from '../section';
import { measure } from './measure';
import { plots } from './plots';
import type { Raw } from './results';
import { tables } from './tables';
import { targets } from './targets';

const about = `n8n's engine and its helpers without its server, in a process of its own for each run, under the Node.js that runs n8n: what a change of the
node does shows here at once (\`npm run bench -- --only core --quick\` takes half a minute). The process stores the video as a binary as a node does that ran
before, collects the garbage of its start, submits 1 MiB, and then the video, over HTTP to a stand-in in another process that counts the bytes.

- *floor*: n8n's own stream of the binary read to its end, then as many constant bytes sent as its base64 would have. No node can do with less.
- *buffer and string*: the whole video as a Buffer, then as a string, then as JSON, as n8n's vendor nodes send files.
- *bare undici client*: a process with undici and nothing of n8n.

Memory is resident memory and time of the processor that of the sending process, read from outside. Garbage collections and memory outside the heap (Buffers, long strings)
come from a further run that watches itself. A real n8n carries a heap of about 300 MiB, which each collection has to look at: a table shows the same with as many small objects.`;

/** The submit measured inside n8n-core alone. */
export const section: Section<Raw> = {
	name: 'core',
	title: 'A submit in n8n-core alone',
	about,
	measure,
	tables,
	plots,
	targets,
};
