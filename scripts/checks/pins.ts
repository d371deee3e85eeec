/** An action pinned by the full hash of a commit, with a version comment for readers and Dependabot. */
const PINNED = /^[\w.-]+(\/[\w.-]+)+@[0-9a-f]{40}\s+# v\d+\.\d+\.\d+$/;

/** A local action, or one of a container, has no tag that can move. */
const LOCAL = /^\.\//;

/** The places in a workflow that use an action by a name that can move. */
export function pinProblems(file: string, text: string): string[] {
	return text.split('\n').flatMap((line, index) => {
		const used = /^\s*(?:-\s+)?uses:\s*(.+?)\s*$/.exec(line)?.[1];
		if (used === undefined || LOCAL.test(used) || PINNED.test(used)) return [];
		return [`${file}:${index + 1}: ${used} must be pinned: <action>@<40 hex digits> # v1.2.3`];
	});
}
