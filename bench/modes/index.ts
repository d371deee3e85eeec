import type { Section } from '../section';
import { measure } from './measure';
import type { Raw } from './raw';
import { plots, tables } from './show';

const about = `The same submit, with n8n keeping binaries in each of its ways: on the file system, in memory (\`N8N_DEFAULT_BINARY_DATA_MODE=default\`) and in its database, which is queue mode's default.
Measured as in the first section, in the process that executes: what it takes to have the file in n8n's store is kept apart from what the node takes to submit it. What the first leaves behind is still there when the second begins; *added* is what the submit took on top of it.
In database mode n8n itself loads the whole video before a node gets its first byte. The ways round that: \`binaryLink\` hands over a signed link, so that the node reads nothing, and n8n's main process loads the video when the link is followed;
and \`N8N_DEFAULT_BINARY_DATA_MODE=filesystem\` with \`N8N_STORAGE_PATH\` on a folder that all processes share keeps it out of the database. (The older \`N8N_BINARY_DATA_STORAGE_PATH\` does the same; n8n does not start when both are set and differ.)
n8n's S3 mode needs a licence and is not measured.`;

/** Memory and time of one submit, by how n8n keeps binaries. */
export const section: Section<Raw> = {
	name: 'modes',
	title: 'One submit, by how n8n keeps binaries',
	about,
	measure,
	tables,
	plots,
	targets: () => [],
};
