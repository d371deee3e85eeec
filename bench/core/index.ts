import type { Section } from '../section';
import { measure } from './measure';
import { plots } from './plots';
import type { Raw } from './results';
import { tables } from './tables';
import { targets } from './targets';

const about = `n8n's engine and its helpers without its server, in a separate process for each run, under the Node.js that runs n8n. It shows the effect of a change quickly
(\`npm run bench -- --only core --quick\` takes half a minute). The process stores the video as a binary, as an earlier node would, collects the garbage of its start,
submits 1 MiB, and then the video, over HTTP to a fake HiDream server in another process that counts the bytes.

- *floor*: reads n8n's own stream of the binary to its end, then sends as many constant bytes as its base64 would have. No node can do with less.
- *buffer and string*: the whole video as a Buffer, then as a string, then as JSON, as n8n's vendor nodes send files.
- *bare undici client*: a process with undici and without n8n.

Memory is the resident memory, and CPU the processor time, of the sending process, read from outside. Garbage collections and memory outside the heap (Buffers, long strings)
come from another run that measures itself. A real n8n has a heap of about 300 MiB, which each collection scans: a table shows the same with as many small objects.`;

/** The submit in n8n-core alone. */
export const section: Section<Raw> = {
	name: 'core',
	title: 'A submit in n8n-core alone',
	about,
	measure,
	tables,
	plots,
	targets,
};
