import type { Section } from '../section';
import { measure } from './measure';
import { plots } from './plots';
import type { Raw } from './raw';
import { tables } from './tables';
import { targets } from './targets';
import { FLOOR_CHUNK_KIB } from './ways';

const about = `One video from a file on disk to the service, in a real n8n with its binaries on the file system: Webhook → Read/Write Files from Disk → the submit.
Each figure comes from a new n8n that submitted 1 MiB twice before: once to load its code, once to compare with.
A small node before and after the submit calls the benchmark, which reads memory and processor time of n8n's process from outside and resets the peak while n8n waits. So the time in which n8n reads the file into its store is separate.
n8n itself grows by some MiB with each execution: the column of 1 MiB shows it.
Time is n8n's own (\`executionTime\` of the nodes). The receiver is a separate process that only counts bytes. The length of each body is checked, and in another run each way's bytes are decoded and hashed.

- *HTTP Request* gets the base64 from Extract From File, by an expression. It spends most of its time on guessing a text encoding for the video, unless the option File Encoding is set, though it changes nothing here: *tuned* sets it.
- *buffer and string* does the same as n8n's own nodes for other vendors: the whole video as a Buffer, then as a string, then as JSON.
- *floor* is a node that reads n8n's stream of the binary to its end, and then sends as many constant bytes as its base64 would have, both in pieces of ${FLOOR_CHUNK_KIB} KiB, the fastest size. It leaves the memory of its reads to the garbage collection, as nodes do, so it can be beaten.
- *stricter floor* is the same node, but it frees the memory of each piece immediately.
- *bare undici client* is a Node.js process without n8n that reads the file itself.`;

/** Memory and time of one submit, by the size of the video. */
export const section: Section<Raw> = { name: 'submit', title: 'One submit, by size of the video', about, measure, tables, plots, targets };
