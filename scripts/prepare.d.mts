/** Builds the page that every member serves, when one of its sources is newer than it. */
export declare function buildPage(): void;
