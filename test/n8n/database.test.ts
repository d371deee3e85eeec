import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { useN8n } from '../support/n8n';
import { hidreamName } from '../support/workflows';

jest.setTimeout(180_000);

const on = useN8n({}, { N8N_DEFAULT_BINARY_DATA_MODE: 'database' });

test('a video in n8n\'s database arrives whole, and the editor says what that costs', async () => {
	const bytes = Buffer.alloc(17_000_001, 'frames and more frames\0');
	const filePath = join(on.n8n.files, 'large.mp4');
	await writeFile(filePath, bytes);
	const parameters = { operation: 'submit', inputType: 'binary', binaryPropertyName: 'data', style: 'anime', prompt: '', options: {} };
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters, readFile: true });
	const { execution } = await on.n8n.send(workflow, [{ filePath }]);

	expect(execution.status).toBe('success');
	expect(execution.items('File')[0]?.binary?.['data']?.id).toMatch(/^database:/);
	const sha256 = createHash('sha256').update(bytes).digest('hex');
	expect(on.sandbox.tasks.map(({ video }) => video)).toEqual([{ kind: 'base64', bytes: bytes.length, sha256 }]);
	const [run] = execution.runs(hidreamName);
	expect(run?.hints).toMatchObject([{ message: expect.stringContaining('keeps binary files in its database') as string, type: 'warning' }]);
});
