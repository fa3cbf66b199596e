export declare const pageFolder: string;
export declare function servePage(
  folder?: string,
): Promise<{ readonly url: string; close(): Promise<void> }>;
