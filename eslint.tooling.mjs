// Rules for the code that is not published: the stand-in, the harness, the scripts, the tests.
// The root eslint.config.mjs is n8n's own, untouched, and forbids what only published code must not use.
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(js.configs.recommended, tseslint.configs.strict);
