// A library that is loaded before libc (LD_PRELOAD) and makes chosen file operations fail, fall short or hang.
//
// Which ones stands in the text file named by QUORATE_FAULTS, at most 4095 bytes, that a drill rewrites while the
// process runs. One rule a line, blank means no faults:
//
//     <operation> <path part> <action> [argument]
//
// operation: write | sync          path part: any substring of the file's path, or *
// action:    eio | enospc          the call fails with that error
//            full                  a write that would make its file longer fails with ENOSPC: what is written over
//                                  bytes that are there needs no room
//            short                 a write takes only half of its bytes (at least one)
//            stall <milliseconds>  the call hangs that long, then does its work
//
// A write to a file opened with O_DSYNC or O_SYNC counts as write and as sync. The program must not use io_uring
// (UV_USE_IO_URING=0), which does not pass through libc.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { CONTROL_BYTES = 4096, PATH_BYTES = 1024, VECTORS_MAX = 1024 };
enum action { NONE, FAIL, SHORT, FULL };
struct verdict { enum action action; int error; };

static const char *control;

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("QUORATE_FAULTS");
  if (path == NULL) return;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  void *map = mmap(NULL, CONTROL_BYTES, PROT_READ, MAP_SHARED, fd, 0);
  close(fd);
  if (map != MAP_FAILED) control = map;
}

static void stall(long milliseconds) {
  struct timespec rest = {milliseconds / 1000, (milliseconds % 1000) * 1000000L};
  while (nanosleep(&rest, &rest) != 0 && errno == EINTR) {
  }
}

// What the rules say about an operation on this descriptor; stalls happen here.
static struct verdict judge(const char *operation, int fd) {
  struct verdict verdict = {NONE, 0};
  if (control == NULL || control[0] == '\0' || control[0] == '\n') return verdict;
  char text[CONTROL_BYTES];
  memcpy(text, control, CONTROL_BYTES);
  text[CONTROL_BYTES - 1] = '\0';
  char link[64], path[PATH_BYTES];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0 || path[0] != '/') return verdict;
  path[length] = '\0';
  char *rest = text;
  for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
    char what[16], part[256], action[16];
    long argument = 0;
    if (sscanf(line, "%15s %255s %15s %ld", what, part, action, &argument) < 3) continue;
    if (strcmp(what, operation) != 0) continue;
    if (strcmp(part, "*") != 0 && strstr(path, part) == NULL) continue;
    if (strcmp(action, "stall") == 0) {
      stall(argument);
    } else if (strcmp(action, "short") == 0) {
      verdict.action = SHORT;
    } else if (strcmp(action, "full") == 0) {
      verdict.action = FULL;
    } else {
      verdict.action = FAIL;
      verdict.error = strcmp(action, "enospc") == 0 ? ENOSPC : EIO;
      return verdict;
    }
  }
  return verdict;
}

static int is_synchronous(int fd) {
  int flags = fcntl(fd, F_GETFL);
  return flags >= 0 && (flags & O_DSYNC) != 0;
}

// Where a file ends up after a write without an offset of its own.
static off64_t position(int fd) {
  int flags = fcntl(fd, F_GETFL);
  return lseek64(fd, 0, flags >= 0 && (flags & O_APPEND) != 0 ? SEEK_END : SEEK_CUR);
}

static size_t total(const struct iovec *parts, int count) {
  size_t bytes = 0;
  for (int i = 0; i < count; i++) bytes += parts[i].iov_len;
  return bytes;
}

static int grows(int fd, off64_t end) {
  struct stat64 status;
  return fstat64(fd, &status) == 0 && S_ISREG(status.st_mode) && end > status.st_size;
}

// A negative offset stands for the file's own position.
static struct verdict judge_write(int fd, size_t bytes, off64_t offset) {
  struct verdict verdict = judge("write", fd);
  if (verdict.action == FULL) {
    off64_t from = offset >= 0 ? offset : position(fd);
    verdict.action = grows(fd, from + (off64_t)bytes) ? FAIL : NONE;
    verdict.error = ENOSPC;
  }
  if (verdict.action == FAIL || control == NULL || control[0] == '\0' || !is_synchronous(fd)) return verdict;
  struct verdict sync = judge("sync", fd);
  return sync.action == FAIL ? sync : verdict;
}

static int failed(struct verdict verdict) {
  if (verdict.action != FAIL) return 0;
  errno = verdict.error;
  return 1;
}

static size_t half(size_t bytes) { return bytes > 1 ? bytes / 2 : bytes; }

#define NEXT(name) \
  static __typeof__(name) *next; \
  if (next == NULL) next = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *bytes, size_t count) {
  NEXT(write);
  struct verdict verdict = judge_write(fd, count, -1);
  if (failed(verdict)) return -1;
  return next(fd, bytes, verdict.action == SHORT ? half(count) : count);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
  NEXT(pwrite);
  struct verdict verdict = judge_write(fd, count, offset);
  if (failed(verdict)) return -1;
  return next(fd, bytes, verdict.action == SHORT ? half(count) : count, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
  NEXT(pwrite64);
  struct verdict verdict = judge_write(fd, count, offset);
  if (failed(verdict)) return -1;
  return next(fd, bytes, verdict.action == SHORT ? half(count) : count, offset);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  NEXT(writev);
  struct verdict verdict = judge_write(fd, total(parts, count), -1);
  if (failed(verdict)) return -1;
  if (verdict.action != SHORT || count < 1) return next(fd, parts, count);
  return write(fd, parts[0].iov_base, half(parts[0].iov_len));
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  NEXT(pwritev);
  struct verdict verdict = judge_write(fd, total(parts, count), offset);
  if (failed(verdict)) return -1;
  if (verdict.action != SHORT || count < 1) return next(fd, parts, count, offset);
  return pwrite(fd, parts[0].iov_base, half(parts[0].iov_len), offset);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) {
  NEXT(pwritev64);
  struct verdict verdict = judge_write(fd, total(parts, count), offset);
  if (failed(verdict)) return -1;
  if (verdict.action != SHORT || count < 1) return next(fd, parts, count, offset);
  return pwrite64(fd, parts[0].iov_base, half(parts[0].iov_len), offset);
}

int fdatasync(int fd) {
  NEXT(fdatasync);
  return failed(judge("sync", fd)) ? -1 : next(fd);
}

int fsync(int fd) {
  NEXT(fsync);
  return failed(judge("sync", fd)) ? -1 : next(fd);
}
