import type { BuiltCopy } from './builtCopy';

/** The outcome of a check, which passes without problems. */
export interface CheckOutcome {
	/** What was checked, in one line. */
	summary: string;
	/** One line each, beginning with the place. */
	problems: string[];
}

/** The context of all checks of one run. */
export interface CheckContext {
	/** The root of the project, absolute. */
	root: string;
	/** The tracked files that exist, relative to the root, with forward slashes. */
	files: string[];
	/** The folders of this repository's packages with dependencies, relative to the root; '' is the root. */
	packages: string[];
	/** A built copy of the project, created once for the first check that needs it. */
	copy: () => Promise<BuiltCopy>;
	/** The tag of the publication, if any. */
	tag?: string;
	/** Path for the list of all licenses, from the root, if any. */
	licenseFile?: string;
	/** Whether an unreachable service is acceptable: not in CI. */
	underCi: boolean;
}

export interface ReleaseCheck {
	/** Its name on the command line. */
	name: string;
	/** What it requires. */
	title: string;
	/** Throws only if the check itself failed to run. */
	run: (context: CheckContext) => Promise<CheckOutcome>;
}
