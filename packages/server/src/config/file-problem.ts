/** What the system's codes mean, for whoever reads a message. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: "this user may not",
  EPERM: "this user may not",
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of the path is a file, not a folder",
  EISDIR: "it is a folder",
  EEXIST: "there is a file of that name",
  EROFS: "the file system can only be read",
  ENOSPC: "there is no room on the disk",
  EDQUOT: "this user's share of the disk is used up",
  EMFILE: "this process has too many open files",
  ENAMETOOLONG: "the name is too long",
  ENXIO: "nobody reads from it",
  EAGAIN: "who reads it does not keep up",
  EPIPE: "nobody reads from it any more",
  EIO: "the disk failed",
};

/** Why a call of the system failed, in words and with its code. */
export function causeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  if (code === undefined) return error instanceof Error ? error.message : String(error);
  const words = WORDS[code];
  return words === undefined ? code : `${words} (${code})`;
}
