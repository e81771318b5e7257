// Preloaded into a process under test: lets the Nth system call of a kind on a path fail, or kills the process there.
//
//   FAIL_CALL   read, write, fsync, open, close, rename, unlink, link, mkdir or truncate, or "change" for any that
//               changes the disk
//   FAIL_PATH   a part of the path; calls on other paths do what they always do
//   FAIL_NTH    counts from 1; 0: every one
//   FAIL_ERRNO  number of the error; 0: the process is killed there; -1: a write takes one byte and says so
//   FAIL_LOG    a file that gets a line for each call counted, which a person reads to choose among them; may be absent
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static int count;

// What a call is to do: as always, fail with errno set, or write less than it was given.
enum fate { RUNS, FAILS, SHORT };

static void note(int number, const char* call, const char* path) {
  const char* log = getenv("FAIL_LOG");
  if (!log) return;
  FILE* file = fopen(log, "ae");
  if (!file) return;
  fprintf(file, "%d %s %s\n", number, call, path);
  fclose(file);
}

static enum fate fate_of(const char* call, int changes, const char* path) {
  const char* wanted = getenv("FAIL_CALL");
  const char* part = getenv("FAIL_PATH");
  if (!wanted || !part || !path || !strstr(path, part)) return RUNS;
  if (strcmp(wanted, call) != 0 && !(changes && strcmp(wanted, "change") == 0)) return RUNS;
  const char* nth = getenv("FAIL_NTH");
  const int number = __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST);
  note(number, call, path);
  if (nth && atoi(nth) != 0 && atoi(nth) != number) return RUNS;
  const char* error = getenv("FAIL_ERRNO");
  errno = error ? atoi(error) : EIO;
  if (errno == -1) return SHORT;
  if (errno == 0) kill(getpid(), SIGKILL);
  return FAILS;
}

static int fails(const char* call, int changes, const char* path) {
  return fate_of(call, changes, path) == FAILS;
}

static const char* path_of(int fd, char* buffer) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, buffer, 4095);
  if (length < 0) return NULL;
  buffer[length] = 0;
  return buffer;
}

#define REAL(name)                                    \
  static __typeof__(&name) real;                      \
  if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)
#define ON_FILE(call, changes)                        \
  char buffer[4096];                                  \
  if (fd > 2 && fails(call, changes, path_of(fd, buffer))) return -1
#define ON_WRITE                                      \
  char buffer[4096];                                  \
  const enum fate fate = fd > 2 ? fate_of("write", 1, path_of(fd, buffer)) : RUNS; \
  if (fate == FAILS) return -1

ssize_t read(int fd, void* data, size_t size) {
  REAL(read);
  ON_FILE("read", 0);
  return real(fd, data, size);
}
ssize_t pread64(int fd, void* data, size_t size, off64_t at) {
  REAL(pread64);
  ON_FILE("read", 0);
  return real(fd, data, size, at);
}
ssize_t write(int fd, const void* data, size_t size) {
  REAL(write);
  ON_WRITE;
  return real(fd, data, fate == SHORT && size > 1 ? 1 : size);
}
ssize_t pwrite64(int fd, const void* data, size_t size, off64_t at) {
  REAL(pwrite64);
  ON_WRITE;
  return real(fd, data, fate == SHORT && size > 1 ? 1 : size, at);
}
ssize_t writev(int fd, const struct iovec* parts, int number) {
  REAL(writev);
  ON_WRITE;
  return real(fd, parts, fate == SHORT && number > 1 ? 1 : number);
}
int fsync(int fd) {
  REAL(fsync);
  ON_FILE("fsync", 1);
  return real(fd);
}
int fdatasync(int fd) {
  REAL(fdatasync);
  ON_FILE("fsync", 1);
  return real(fd);
}
int ftruncate64(int fd, off64_t length) {
  REAL(ftruncate64);
  ON_FILE("truncate", 1);
  return real(fd, length);
}
int ftruncate(int fd, off_t length) {
  REAL(ftruncate);
  ON_FILE("truncate", 1);
  return real(fd, length);
}
// Reports an error as NFS and quotas do at a close: the descriptor is gone all the same.
int close(int fd) {
  REAL(close);
  char buffer[4096];
  const int failing = fd > 2 && getenv("FAIL_CALL") && fails("close", 0, path_of(fd, buffer));
  const int error = errno;
  const int result = real(fd);
  if (!failing) return result;
  errno = error;
  return -1;
}
int rename(const char* from, const char* to) {
  REAL(rename);
  if (fails("rename", 1, to)) return -1;
  return real(from, to);
}
int unlink(const char* path) {
  REAL(unlink);
  if (fails("unlink", 1, path)) return -1;
  return real(path);
}
int rmdir(const char* path) {
  REAL(rmdir);
  if (fails("unlink", 1, path)) return -1;
  return real(path);
}
int mkdir(const char* path, mode_t mode) {
  REAL(mkdir);
  if (fails("mkdir", 1, path)) return -1;
  return real(path, mode);
}
int link(const char* from, const char* to) {
  REAL(link);
  if (fails("link", 1, to)) return -1;
  return real(from, to);
}
int symlink(const char* from, const char* to) {
  REAL(symlink);
  if (fails("link", 1, to)) return -1;
  return real(from, to);
}
int open64(const char* path, int flags, ...) {
  REAL(open64);
  va_list rest;
  va_start(rest, flags);
  const int mode = va_arg(rest, int);
  va_end(rest);
  if (fails("open", (flags & O_CREAT) != 0, path)) return -1;
  return real(path, flags, mode);
}
int open(const char* path, int flags, ...) {
  REAL(open);
  va_list rest;
  va_start(rest, flags);
  const int mode = va_arg(rest, int);
  va_end(rest);
  if (fails("open", (flags & O_CREAT) != 0, path)) return -1;
  return real(path, flags, mode);
}
