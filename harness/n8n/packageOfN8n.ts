import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Loads a package that n8n itself depends on, such as its PostgreSQL client, from the folder of an installed n8n. */
export function packageOfN8n(folder: string, name: string): unknown {
	return createRequire(join(folder, 'node_modules', 'n8n', 'package.json'))(name);
}
