/** Many test files as one, so that n8n-workflow is loaded once per mutant and not once per file. */
for (const file of globalThis.filesToLoad) globalThis.describe(file, () => void require(file));
