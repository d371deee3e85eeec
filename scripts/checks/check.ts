import type { BuiltCopy } from './builtCopy';

/** What a check has found. It is clean when there is no problem. */
export interface Outcome {
	/** One line on what was looked at. */
	summary: string;
	/** One line each, with the place first. */
	problems: string[];
}

/** What the checks of one run share. */
export interface Surroundings {
	/** The root of the project, absolute. */
	root: string;
	/** The tracked files that exist, relative to the root, with forward slashes. */
	files: string[];
	/** The folders of the packages of this repository that have dependencies, relative to the root; '' is the root. */
	packages: string[];
	/** A built copy of the project. It is made once, for the first check that asks. */
	copy: () => Promise<BuiltCopy>;
	/** The tag that is about to be published, if any. */
	tag?: string;
	/** Where the list of all licences is to be written, from the root, if anywhere. */
	licenceFile?: string;
	/** Whether an unreachable service may be passed over: not in CI. */
	underCi: boolean;
}

export interface Check {
	/** How it is called on the command line. */
	name: string;
	/** What it holds the project to. */
	title: string;
	/** Throws only when it could not be made at all. */
	run: (surroundings: Surroundings) => Promise<Outcome>;
}
