// Builds the package into dist. With --watch, builds again on every change.
import { spawn } from 'node:child_process';
import { cpSync, rmSync, statSync, watch } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';

const folders = ['icons', 'nodes', 'credentials'];

/** Copied unchanged. The compiler copies the codex (`*.node.json`), like `n8n-node build`. */
const copied = /\.(png|svg)$|[/\\]__schema__[/\\].*\.json$/;

const copy = (folder) =>
	cpSync(folder, join('dist', folder), { recursive: true, filter: (path) => statSync(path).isDirectory() || copied.test(path) });

const isWatching = process.argv.includes('--watch');
rmSync('dist', { recursive: true, force: true });
folders.forEach(copy);
if (isWatching) for (const folder of folders) watch(folder, { recursive: true }, () => copy(folder));

const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const args = [compiler, '-p', 'tsconfig.json', ...(isWatching ? ['--watch', '--preserveWatchOutput'] : [])];
spawn(process.execPath, args, { stdio: 'inherit' }).on('exit', (code) => process.exit(code ?? 1));
