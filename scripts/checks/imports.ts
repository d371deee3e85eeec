import type { ICruiseResult } from 'dependency-cruiser';

import type { Outcome, Surroundings } from './check';
import { importRules } from './importRules';

const FOLDERS = ['nodes', 'credentials', 'sandbox', 'harness', 'scripts', 'bench', 'test'];

/** The directions of imports, types too, and cycles. */
export async function imports({ root }: Surroundings): Promise<Outcome> {
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
