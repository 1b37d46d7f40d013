/*
 * LD_PRELOADed into a program under test: its wall clock is that of the machine plus the milliseconds that the file
 * $FIELDLINK_WALL_CLOCK holds, as a decimal number, at that moment. The boot clock and all others stay as they are.
 *
 * The kernel says nothing of synchronisation to such a program: adjtimex() is refused, as by the sandbox.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

static long long ahead_ms(void) {
    char text[32] = {0};
    const char* path = getenv("FIELDLINK_WALL_CLOCK");
    const int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) abort(); /* a test that fakes nothing would prove nothing */
    const ssize_t size = read(file, text, sizeof text - 1);
    close(file);
    if (size <= 0) abort();
    return atoll(text);
}

EXPORT int clock_gettime(clockid_t clock, struct timespec* time) {
    if (syscall(SYS_clock_gettime, clock, time) != 0) return -1;
    if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE) return 0;
    const long long ms = time->tv_sec * 1000LL + time->tv_nsec / 1000000 + ahead_ms();
    time->tv_sec = (time_t)(ms / 1000);
    time->tv_nsec = (long)(ms % 1000) * 1000000 + time->tv_nsec % 1000000;
    return 0;
}

EXPORT int gettimeofday(struct timeval* restrict time, void* restrict zone) {
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return 0;
}

EXPORT time_t time(time_t* out) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out) *out = now.tv_sec;
    return now.tv_sec;
}

EXPORT int adjtimex(struct timex* state) {
    (void)state;
    errno = EPERM;
    return -1;
}
