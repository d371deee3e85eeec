import type { ICruiseResult } from 'dependency-cruiser';

import { ensureInstalled } from '../packages.mjs';
import type { CheckOutcome, CheckContext } from './check';
import { importRules } from './importRules';

const FOLDERS = ['nodes', 'credentials', 'sandbox', 'harness', 'scripts', 'bench', 'test'];

/** Directions of imports, including types, and cycles. */
export async function imports({ root, packages }: CheckContext): Promise<CheckOutcome> {
	// An import can only be resolved if its package is installed.
	for (const folder of packages) await ensureInstalled(folder);
	const { cruise } = await import('dependency-cruiser');
	const { output } = await cruise(FOLDERS, {
		baseDir: root,
		validate: true,
		ruleSet: { forbidden: importRules },
		doNotFollow: { path: 'node_modules' },
		tsPreCompilationDeps: true,
	}, { extensions: ['.ts', '.mts', '.mjs', '.js', '.json', '.d.ts'], conditionNames: ['import', 'require', 'node', 'types'], exportsFields: ['exports'] });
	const { modules, summary } = output as ICruiseResult;
	return {
		summary: `${modules.length} modules, ${summary.totalDependenciesCruised ?? 0} imports, ${importRules.length} rules`,
		problems: summary.violations.map(({ rule, from, to, cycle }) =>
			cycle === undefined ? `${from} → ${to}: ${rule.name}` : `${[from, ...cycle.map(({ name }) => name)].join(' → ')}: ${rule.name}`,
		),
	};
}
