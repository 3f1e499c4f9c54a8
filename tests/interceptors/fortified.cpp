// What _FORTIFY_SOURCE calls instead, by name.
#include "case.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>

extern "C" {
void* __memcpy_chk(void*, const void*, size_t, size_t);
void* __memmove_chk(void*, const void*, size_t, size_t);
void* __mempcpy_chk(void*, const void*, size_t, size_t);
void* __memset_chk(void*, int, size_t, size_t);
void __explicit_bzero_chk(void*, size_t, size_t);
char* __strcpy_chk(char*, const char*, size_t);
char* __stpcpy_chk(char*, const char*, size_t);
char* __strcat_chk(char*, const char*, size_t);
char* __strncpy_chk(char*, const char*, size_t, size_t);
char* __stpncpy_chk(char*, const char*, size_t, size_t);
char* __strncat_chk(char*, const char*, size_t, size_t);
int __sprintf_chk(char*, int, size_t, const char*, ...);
int __vsprintf_chk(char*, int, size_t, const char*, va_list);
int __snprintf_chk(char*, size_t, int, size_t, const char*, ...);
int __vsnprintf_chk(char*, size_t, int, size_t, const char*, va_list);
wchar_t* __wmemcpy_chk(wchar_t*, const wchar_t*, size_t, size_t);
wchar_t* __wmemmove_chk(wchar_t*, const wchar_t*, size_t, size_t);
wchar_t* __wmemset_chk(wchar_t*, wchar_t, size_t, size_t);
wchar_t* __wcscpy_chk(wchar_t*, const wchar_t*, size_t);
char* __realpath_chk(const char*, char*, size_t);
char* __getcwd_chk(char*, size_t, size_t);
ssize_t __readlink_chk(const char*, char*, size_t, size_t);
ssize_t __readlinkat_chk(int, const char*, char*, size_t, size_t);
ssize_t __read_chk(int, void*, size_t, size_t);
ssize_t __pread_chk(int, void*, size_t, off_t, size_t);
ssize_t __pread64_chk(int, void*, size_t, off_t, size_t);
ssize_t __recv_chk(int, void*, size_t, size_t, int);
ssize_t __recvfrom_chk(int, void*, size_t, size_t, int, sockaddr*, socklen_t*);
int __dprintf_chk(int, int, const char*, ...);
int __vdprintf_chk(int, int, const char*, va_list);
int __poll_chk(pollfd*, nfds_t, int, size_t);
int __ppoll_chk(pollfd*, nfds_t, const timespec*, const sigset_t*, size_t);
size_t __fread_chk(void*, size_t, size_t, size_t, FILE*);
size_t __fread_unlocked_chk(void*, size_t, size_t, size_t, FILE*);
char* __fgets_chk(char*, size_t, int, FILE*);
char* __fgets_unlocked_chk(char*, size_t, int, FILE*);
int __fprintf_chk(FILE*, int, const char*, ...);
int __vfprintf_chk(FILE*, int, const char*, va_list);
int __printf_chk(int, const char*, ...);
int __vprintf_chk(int, const char*, va_list);
}

static char text[64] = "one two three";
static char into[64];
static char found[PATH_MAX];
static wchar_t wide[16] = L"one";
static wchar_t wide_into[16];

struct Pipe {
  int ends[2];
  FILE* in;
  FILE* out;
  Pipe() {
    MUST(pipe(ends) == 0);
    in = fdopen(ends[0], "r");
    out = fdopen(ends[1], "w");
    setvbuf(in, nullptr, _IONBF, 0);
    setvbuf(out, nullptr, _IONBF, 0);
  }
};
static Pipe p;
static int sockets[2];
static int file;
__attribute__((constructor)) static void Open() {
  MUST(socketpair(AF_UNIX, SOCK_DGRAM, 0, sockets) == 0);
  file = fileno(tmpfile());
}
static void Put() { MUST(write(p.ends[1], "a\n", 2) == 2); }
static void Get() {
  char got[2];
  MUST(read(p.ends[0], got, 2) == 2);
}
static void PutFile() { MUST(pwrite(file, "a", 1, 0) == 1); }
static void PutSocket() { MUST(send(sockets[0], "a", 1, 0) == 1); }

ACCESS("__memcpy_chk", into + 9, __memcpy_chk(into, text, 10, 64))
ACCESS("__memmove_chk", text + 9, __memmove_chk(into, text, 10, 64))
ACCESS("__mempcpy_chk", into + 9, __mempcpy_chk(into, text, 10, 64))
ACCESS("__memset_chk", into + 9, __memset_chk(into, 0, 10, 64))
ACCESS("__explicit_bzero_chk", into + 9, __explicit_bzero_chk(into, 10, 64))
ACCESS("__strcpy_chk", text + 13, __strcpy_chk(into, text, 64))
ACCESS("__stpcpy_chk", into + 13, __stpcpy_chk(into, text, 64))
ACCESS("__strcat_chk", into + 4, into[0] = 0; __strcat_chk(into, text, 64))
ACCESS("__strncpy_chk", into + 40, __strncpy_chk(into, text, 41, 64))
ACCESS("__stpncpy_chk", into + 40, __stpncpy_chk(into, text, 41, 64))
ACCESS("__strncat_chk", into + 4, into[0] = 0; __strncat_chk(into, text, 4, 64))
ACCESS("__sprintf_chk", into + 2, __sprintf_chk(into, 1, 64, "%d", 12))
ACCESS("__vsprintf_chk", into + 2,
       Listed([](va_list list) { __vsprintf_chk(into, 1, 64, "%d", list); Stay(); }, 12))
ACCESS("__snprintf_chk", into + 2, __snprintf_chk(into, 10, 1, 64, "%d", 12))
ACCESS("__vsnprintf_chk", into + 2,
       Listed([](va_list list) { __vsnprintf_chk(into, 10, 1, 64, "%d", list); Stay(); }, 12))
ACCESS("__wmemcpy_chk", wide + 2, __wmemcpy_chk(wide_into, wide, 3, 16))
ACCESS("__wmemmove_chk", wide_into + 2, __wmemmove_chk(wide_into, wide, 3, 16))
ACCESS("__wmemset_chk", wide_into + 2, __wmemset_chk(wide_into, L'x', 3, 16))
ACCESS("__wcscpy_chk", wide_into + 2, __wcscpy_chk(wide_into, wide, 16))
ACCESS("__realpath_chk", found, MUST(__realpath_chk("/proc/self/exe", found, sizeof(found))))
ACCESS("__getcwd_chk", found, MUST(__getcwd_chk(found, sizeof(found), sizeof(found))))
ACCESS("__readlink_chk", found, MUST(__readlink_chk("/proc/self/exe", found, 99, 99) > 0))
ACCESS("__readlinkat_chk", found, MUST(__readlinkat_chk(0, "/proc/self/exe", found, 99, 99) > 0))

ORDER("__read_chk", Put(), MUST(__read_chk(p.ends[0], into, 2, 64) == 2))
ORDER("__pread_chk", PutFile(), MUST(__pread_chk(file, into, 1, 0, 64) == 1))
ORDER("__pread64_chk", PutFile(), MUST(__pread64_chk(file, into, 1, 0, 64) == 1))
ORDER("__recv_chk", PutSocket(), MUST(__recv_chk(sockets[1], into, 1, 64, 0) == 1))
ORDER("__recvfrom_chk", PutSocket(),
      MUST(__recvfrom_chk(sockets[1], into, 1, 64, 0, nullptr, nullptr) == 1))
ORDER("__dprintf_chk", MUST(__dprintf_chk(p.ends[1], 1, "%d\n", 1) == 2), Get())
ORDER("__vdprintf_chk",
      Listed([](va_list list) { MUST(__vdprintf_chk(p.ends[1], 1, "%d\n", list) == 2); }, 1), Get())
ORDER("__poll_chk", Put(), pollfd fd = {p.ends[0], POLLIN, 0}; MUST(__poll_chk(&fd, 1, -1, 8) == 1))
ORDER("__ppoll_chk", Put(), pollfd fd = {p.ends[0], POLLIN, 0};
      MUST(__ppoll_chk(&fd, 1, nullptr, nullptr, 8) == 1))
ORDER("__fread_chk", Put(), MUST(__fread_chk(into, 64, 1, 2, p.in) == 2))
ORDER("__fread_unlocked_chk", Put(), MUST(__fread_unlocked_chk(into, 64, 1, 2, p.in) == 2))
ORDER("__fgets_chk", Put(), MUST(__fgets_chk(into, 64, 10, p.in)))
ORDER("__fgets_unlocked_chk", Put(), MUST(__fgets_unlocked_chk(into, 64, 10, p.in)))
ORDER("__fprintf_chk", MUST(__fprintf_chk(p.out, 1, "%d\n", 1) == 2), Get())
ORDER("__vfprintf_chk",
      Listed([](va_list list) { MUST(__vfprintf_chk(p.out, 1, "%d\n", list) == 2); }, 1), Get())
ORDER("__printf_chk", stdout = p.out; MUST(__printf_chk(1, "%d\n", 1) == 2), Get())
ORDER("__vprintf_chk", stdout = p.out;
      Listed([](va_list list) { MUST(__vprintf_chk(1, "%d\n", list) == 2); }, 1), Get())
