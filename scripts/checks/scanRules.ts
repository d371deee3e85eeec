import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import type { Linter } from 'eslint';
import nodesBase from 'eslint-plugin-n8n-nodes-base';
import { parser } from 'typescript-eslint';

/** A rule of n8n's own nodes that does not hold for community nodes; the scanner leaves out the same. */
const off = (...rules: string[]): Linter.RulesRecord =>
	Object.fromEntries(rules.map((rule) => [`n8n-nodes-base/${rule}`, 'off']));

const scannerParser = { languageOptions: { parser: parser as Linter.Parser } };

/**
 * The rules by which n8n's scanner judges a community package (`@n8n/scan-community-package` 0.32.0), with the plugins
 * of `@n8n/node-cli`. They are made here from the plugins, so that a rule that comes with a newer plugin counts at once.
 */
export const scanRules: Linter.Config[] = [
	n8nCommunityNodesPlugin.configs.recommended as Linter.Config,
	{ rules: { 'no-console': 'error' } },
	{ plugins: { 'n8n-nodes-base': nodesBase } },
	{ files: ['package.json'], rules: nodesBase.configs.community.rules },
	{
		files: ['**/credentials/**/*.ts'],
		rules: {
			...nodesBase.configs.credentials.rules,
			...off('cred-class-field-documentation-url-miscased', 'cred-class-field-type-options-password-missing'),
		},
	},
	{
		files: ['**/nodes/**/*.ts'],
		rules: {
			...nodesBase.configs.nodes.rules,
			...off(
				'node-class-description-inputs-wrong-regular-node',
				'node-class-description-outputs-wrong',
				'node-param-type-options-max-value-present',
			),
		},
	},
	{ files: ['**/*.json'], ...scannerParser },
	{ files: ['**/*.ts'], ...scannerParser },
];
