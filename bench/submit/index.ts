import type { Section } from '../section';
import { measure } from './measure';
import { plots } from './plots';
import type { Raw } from './raw';
import { tables } from './tables';
import { targets } from './targets';
import { FLOOR_CHUNK_KIB } from './ways';

const about = `One video from a file on disk to the service, in a real n8n with its binaries on the file system: Webhook → Read/Write Files from Disk → the submit.
Each figure comes from a fresh n8n that had submitted 1 MiB twice before: once to load its code, once to compare with.
A small node before and after the submit calls the benchmark, which then reads memory and processor time of n8n's process from outside and starts the peak anew: n8n stands still meanwhile, and what n8n takes to read the file into its store is kept apart.
n8n itself grows by some MiB with each execution: the column of 1 MiB shows it.
Time is n8n's own (\`executionTime\` of the nodes). The receiver is a process of its own that only counts bytes; each body is as long as it must be, and in a run of its own each way's bytes are decoded and hashed.

- *HTTP Request* gets the base64 from Extract From File, by an expression. Most of its time goes into guessing a text encoding for the video, unless the option File Encoding is set, though it changes nothing here: *tuned* has it set.
- *buffer and string* is what n8n's own nodes for other vendors do: the whole video as a Buffer, then as a string, then as JSON.
- *floor* is a node that reads n8n's stream of the binary to its end, drops it, and then sends as many constant bytes as its base64 would have, both in pieces of ${FLOOR_CHUNK_KIB} KiB, the fastest. It leaves the memory of what it read to the collection of garbage, as nodes do, and so it can be beaten.
- *stricter floor* is the same node, but it gives the memory of each piece back at once.
- *bare undici client* is a Node.js process without n8n around it, reading the file itself.`;

/** Memory and time of one submit, by the size of the video. */
export const section: Section<Raw> = { name: 'submit', title: 'One submit, by size of the video', about, measure, tables, plots, targets };
