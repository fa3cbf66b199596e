import { FileError, type FileErrorCode } from "../environment/environment.ts";

const CODES: Readonly<Record<string, FileErrorCode>> = {
  ENOENT: "notFound",
  ENOTDIR: "notFound",
  EEXIST: "exists",
  ENOTEMPTY: "exists",
  ENOSPC: "noSpace",
  EDQUOT: "noSpace",
  EFBIG: "noSpace",
  EACCES: "denied",
  EPERM: "denied",
  EROFS: "denied",
  EBUSY: "locked",
  ENOSYS: "unsupported",
  ENOTSUP: "unsupported",
  EOPNOTSUPP: "unsupported",
};

/** Puts a failure of the system into the words of `FileSystem`; the system's own error stays as `cause`. */
export function toFileError(path: string, cause: unknown): FileError {
  if (cause instanceof FileError) return cause;
  const code = CODES[systemCode(cause)] ?? "io";
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new FileError(code, path, `${path}: ${reason}`, { cause });
}

/** The `code` of a system error, empty when there is none. */
export function systemCode(cause: unknown): string {
  if (typeof cause !== "object" || cause === null || !("code" in cause)) return "";
  return typeof cause.code === "string" ? cause.code : "";
}
