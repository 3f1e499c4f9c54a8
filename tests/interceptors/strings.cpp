// Memory, strings, numbers, times and paths: the second thread calls, the first has written to an end of
// what the call accesses.
#include "case.h"

#include <limits.h>
#include <stdarg.h>
#include <strings.h>
#include <sys/time.h>
#include <time.h>

extern "C" char* __strdup(const char*) noexcept;

static char text[64] = "one two three";
static char same[64] = "one two three";
static char part[16] = "two";
static char into[64];
static char* pointer;
static int numbers[4] = {3, 1, 2, 0};
static char decimal[16] = "12x";
static char real[16] = "1.5x";
static time_t now = 86400;
static tm broken = {};
static timespec spec;
static timeval val;
static char path[PATH_MAX] = "/proc/self/exe";
static char found[PATH_MAX];

static int Compare(const void* a, const void* b) {
  return *static_cast<const int*>(a) - *static_cast<const int*>(b);
}
static int CompareIn(const void* a, const void* b, void*) { return Compare(a, b); }

static int List(char* to, const char* format, ...) {
  va_list list;
  va_start(list, format);
  const int n = vsprintf(to, format, list);
  va_end(list);
  return n;
}
static int ListAtMost(char* to, size_t size, const char* format, ...) {
  va_list list;
  va_start(list, format);
  const int n = vsnprintf(to, size, format, list);
  va_end(list);
  return n;
}
static int ListNew(char** to, const char* format, ...) {
  va_list list;
  va_start(list, format);
  const int n = vasprintf(to, format, list);
  va_end(list);
  return n;
}

// Memory
ACCESS("memcpy", text + 9, memcpy(into, text, 10))
ACCESS("memcpy", into + 9, memcpy(into, text, 10))
ACCESS("memmove", text + 9, memmove(into, text, 10))
ACCESS("memmove", into + 9, memmove(into, text, 10))
ACCESS("memset", into + 9, memset(into, 0, 10))
ACCESS("memcmp", text + 9, sink = memcmp(text, same, 10))
ACCESS("bcmp", same + 9, sink = bcmp(text, same, 10))
ACCESS("memchr", text + 4, sink = (long)memchr(text, 't', 10))
ACCESS("memrchr", text + 8, sink = (long)memrchr(text, 't', 10))
ACCESS("mempcpy", into + 9, sink = (long)mempcpy(into, text, 10))
ACCESS("memccpy", into + 4, sink = (long)memccpy(into, text, 't', 10))
ACCESS("memmem", text + 6, sink = (long)memmem(text, 10, part, 3))
ACCESS("rawmemchr", text + 4, sink = (long)rawmemchr(text, 't'))
ACCESS("explicit_bzero", into + 9, explicit_bzero(into, 10))
ACCESS("bzero", into + 9, bzero(into, 10))
ACCESS("bcopy", text + 9, bcopy(text, into, 10))
ACCESS("bcopy", into + 9, bcopy(text, into, 10))

// Strings
ACCESS("strlen", text + 13, sink = (long)strlen(text))
ACCESS("strnlen", text + 9, sink = (long)strnlen(text, 10))
ACCESS("strcpy", text + 13, strcpy(into, text))
ACCESS("strcpy", into + 13, strcpy(into, text))
ACCESS("stpcpy", into + 13, sink = (long)stpcpy(into, text))
ACCESS("strcat", into + 4, into[0] = 0; strcat(into, text))
ACCESS("strncpy", into + 40, strncpy(into, text, 41))
ACCESS("stpncpy", into + 40, sink = (long)stpncpy(into, text, 41))
ACCESS("strncat", into + 4, into[0] = 0; strncat(into, text, 4))
ACCESS("strcmp", text + 13, sink = strcmp(text, same))
ACCESS("strncmp", text + 9, sink = strncmp(text, same, 10))
ACCESS("strcasecmp", text + 13, sink = strcasecmp(text, same))
ACCESS("strncasecmp", text + 9, sink = strncasecmp(text, same, 10))
ACCESS("strcoll", text + 13, sink = strcoll(text, same))
ACCESS("strxfrm", text + 13, sink = (long)strxfrm(into, text, 64))
ACCESS("strchr", text + 4, sink = (long)strchr(text, 't'))
ACCESS("strrchr", text + 13, sink = (long)strrchr(text, 't'))
ACCESS("strchrnul", text + 4, sink = (long)strchrnul(text, 't'))
ACCESS("strstr", text + 6, sink = (long)strstr(text, part))
ACCESS("strcasestr", text + 6, sink = (long)strcasestr(text, part))
ACCESS("strspn", text + 3, sink = (long)strspn(text, "one"))
ACCESS("strcspn", text + 4, sink = (long)strcspn(text, "t"))
ACCESS("strpbrk", part, sink = (long)strpbrk(text, part))
ACCESS("strdup", text + 13, free(strdup(text)))
ACCESS("__strdup", text + 13, free(__strdup(text)))
ACCESS("strndup", text + 9, free(strndup(text, 10)))
ACCESS("strtok_r", into + 1, char* rest; sink = (long)strtok_r(into, " ", &rest))
ACCESS("__strtok_r", into + 1, char* rest; sink = (long)__strtok_r(into, " ", &rest))
ACCESS("strsep", text, char* rest = text; sink = (long)strsep(&rest, "#"))
ACCESS("sprintf", into + 2, sprintf(into, "%d", 12))
ACCESS("vsprintf", into + 2, List(into, "%d", 12))
ACCESS("snprintf", into + 2, snprintf(into, 10, "%d", 12))
ACCESS("vsnprintf", into + 2, ListAtMost(into, 10, "%d", 12))
ACCESS("asprintf", &pointer, sink = asprintf(&pointer, "%d", 12))
ACCESS("vasprintf", &pointer, ListNew(&pointer, "%d", 12))
ACCESS("qsort", &numbers[3], qsort(numbers, 4, sizeof(int), Compare))
ACCESS("qsort_r", &numbers[3], qsort_r(numbers, 4, sizeof(int), CompareIn, nullptr))

// Numbers
ACCESS("strtol", decimal + 2, sink = strtol(decimal, nullptr, 10))
ACCESS("strtoll", decimal + 2, sink = strtoll(decimal, nullptr, 10))
ACCESS("strtoul", decimal + 2, sink = (long)strtoul(decimal, nullptr, 10))
ACCESS("strtoull", decimal + 2, sink = (long)strtoull(decimal, nullptr, 10))
ACCESS("strtof", real + 3, sink = (long)strtof(real, nullptr))
ACCESS("strtod", real + 3, sink = (long)strtod(real, nullptr))
ACCESS("strtold", real + 3, sink = (long)strtold(real, nullptr))
ACCESS("atoi", decimal + 2, sink = atoi(decimal))
ACCESS("atol", decimal + 2, sink = atol(decimal))
ACCESS("atoll", decimal + 2, sink = atoll(decimal))
ACCESS("atof", real + 3, sink = (long)atof(real))

// Times
ACCESS("localtime_r", &broken, localtime_r(&now, &broken))
ACCESS("gmtime_r", &now, gmtime_r(&now, &broken))
ACCESS("asctime_r", into + 2, asctime_r(&broken, into))
ACCESS("ctime_r", into + 2, ctime_r(&now, into))
ACCESS("strftime", into + 4, sink = (long)strftime(into, 64, "%Y", &broken))
ACCESS("mktime", &broken, sink = mktime(&broken))
ACCESS("clock_gettime", &spec, clock_gettime(CLOCK_MONOTONIC, &spec))
ACCESS("gettimeofday", &val, gettimeofday(&val, nullptr))

// Paths
ACCESS("realpath", found, MUST(realpath(path, found)))
ACCESS("getcwd", found, MUST(getcwd(found, sizeof(found))))
ACCESS("readlink", found, MUST(readlink(path, found, sizeof(found)) > 0))
ACCESS("readlinkat", path, MUST(readlinkat(0, path, found, sizeof(found)) > 0))
