/** Folders of the packages that are published. */
export function publishedPackages(): readonly string[];

/** Writes one tarball per package into the folder; their paths by the packages' names. */
export function packInto(folder: string): ReadonlyMap<string, string>;
