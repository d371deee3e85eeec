// One configuration for the whole repository. `npm run checks -- lint` runs n8n's own configuration over the published code as well.
import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

import n8nRules from './eslint.n8n.mjs';

export default defineConfig([
	globalIgnores(['**/dist/', '.cache/', 'coverage/', 'reports/']),
	{ name: 'the published package', files: ['{nodes,credentials}/**/*.ts', 'package.json'], extends: [n8nRules] },
	{ files: ['{nodes,credentials}/**/*.ts'], extends: [js.configs.recommended, tseslint.configs.recommended], rules: { 'prefer-spread': 'off' } },
	{ name: 'CommonJS', files: ['scripts/**/*.js'], extends: [js.configs.recommended], languageOptions: { sourceType: 'commonjs' } },
	{ name: 'everything else', files: ['{bench,harness,sandbox,scripts,test}/**/*.{ts,mts,mjs}'], extends: [js.configs.recommended, tseslint.configs.strict] },
]);
