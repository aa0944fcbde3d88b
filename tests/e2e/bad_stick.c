// Simulates a stick with a damaged filesystem. Preloaded, it makes reads below the folder BAD_STICK fail
// (BAD_STICK_HOW=eio), never return (hang) or end the process (kill), from read number BAD_STICK_AFTER on.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_on_stick(int fd) {
    const char* stick = getenv("BAD_STICK");
    char link[64], path[4096];
    if (!stick) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t length = readlink(link, path, sizeof path - 1);
    return length > 0 && (size_t)length >= strlen(stick) && memcmp(path, stick, strlen(stick)) == 0;
}

static int fails(int fd) {
    static int reads;
    if (!is_on_stick(fd) || ++reads <= atoi(getenv("BAD_STICK_AFTER"))) return 0;
    const char* how = getenv("BAD_STICK_HOW");
    if (strcmp(how, "kill") == 0) raise(SIGKILL);
    if (strcmp(how, "hang") == 0)
        for (;;) pause();
    errno = EIO;
    return 1;
}

ssize_t read(int fd, void* to, size_t count) {
    static ssize_t (*real)(int, void*, size_t);
    if (!real) real = (ssize_t(*)(int, void*, size_t))dlsym(RTLD_NEXT, "read");
    return fails(fd) ? -1 : real(fd, to, count);
}

ssize_t pread64(int fd, void* to, size_t count, off64_t at) {
    static ssize_t (*real)(int, void*, size_t, off64_t);
    if (!real) real = (ssize_t(*)(int, void*, size_t, off64_t))dlsym(RTLD_NEXT, "pread64");
    return fails(fd) ? -1 : real(fd, to, count, at);
}
