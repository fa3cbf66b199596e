/** The whole of the core's public API as one minified ES module. */
export declare function bundleCore(): Promise<string>;
