import type { Section } from '../section';
import { measure } from './measure';
import type { Raw } from './raw';
import { plots, tables } from './show';

const about = `The same submit in each of n8n's binary modes: file system, memory (\`N8N_DEFAULT_BINARY_DATA_MODE=default\`) and database, which is the default of queue mode.
The executing process is measured as in the first section: storing the file in n8n is measured separately from submitting it. Memory that the first step leaves is still in use when the second begins; *added* is what the submit took in addition.
In database mode n8n itself loads the whole video before a node gets its first byte. There are two ways to avoid this: with \`binaryLink\` the node sends a signed link and reads nothing, and n8n's main process loads the video when the link is requested;
and \`N8N_DEFAULT_BINARY_DATA_MODE=filesystem\` with \`N8N_STORAGE_PATH\` on a folder that all processes share keeps it out of the database. (The older \`N8N_BINARY_DATA_STORAGE_PATH\` does the same; n8n does not start if both are set and differ.)
n8n's S3 mode needs a license and is not measured.`;

/** Memory and time of one submit, by binary mode of n8n. */
export const section: Section<Raw> = {
	name: 'modes',
	title: 'One submit, by binary mode of n8n',
	about,
	measure,
	tables,
	plots,
	targets: () => [],
};
