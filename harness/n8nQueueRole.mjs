// The harness runs "<entry> start". Given as the entry, this file runs n8n's command for one role of queue mode instead
// ("start", "worker" or "webhook"), in the same process, so that a kill hits n8n itself.
import { createRequire } from 'node:module';
import process from 'node:process';

const { HARNESS_N8N_ENTRY: entry, HARNESS_N8N_COMMAND: command } = process.env;
process.argv.splice(1, 2, entry, command);
createRequire(import.meta.url)(entry);
