/** Installs the dependencies of a package of this repository, unless they are installed. Throws with npm's messages. */
export function ensureInstalled(folder: string): Promise<void>;
/** The private package that a file of this repository belongs to; undefined for the root package. */
export function privatePackageOf(file: string): string | undefined;
