// What _FORTIFY_SOURCE makes of memory and string functions whose target's size is known: the accesses are
// those of the plain ones; the check itself is left to the C library.
#include <stddef.h>

#include "frontend/libc/text.h"
#include "frontend/real.h"

extern "C" {
void* __memcpy_chk(void* to, const void* from, size_t size, size_t room);
void* __memmove_chk(void* to, const void* from, size_t size, size_t room);
void* __mempcpy_chk(void* to, const void* from, size_t size, size_t room);
void* __memset_chk(void* to, int c, size_t size, size_t room);
void __explicit_bzero_chk(void* to, size_t size, size_t room);
char* __strcpy_chk(char* to, const char* from, size_t room);
char* __stpcpy_chk(char* to, const char* from, size_t room);
char* __strcat_chk(char* to, const char* from, size_t room);
char* __strncpy_chk(char* to, const char* from, size_t size, size_t room);
char* __stpncpy_chk(char* to, const char* from, size_t size, size_t room);
char* __strncat_chk(char* to, const char* from, size_t size, size_t room);
}

CSAN_REAL(__memcpy_chk)
CSAN_REAL(__memmove_chk)
CSAN_REAL(__mempcpy_chk)
CSAN_REAL(__memset_chk)
CSAN_REAL(__explicit_bzero_chk)
CSAN_REAL(__strcpy_chk)
CSAN_REAL(__stpcpy_chk)
CSAN_REAL(__strcat_chk)
CSAN_REAL(__strncpy_chk)
CSAN_REAL(__stpncpy_chk)
CSAN_REAL(__strncat_chk)

using csan::Appends;
using csan::Copies;
using csan::CopiesPart;
using csan::CopiesString;

#define CSAN_FORTIFIED(type, name, parameters, arguments, accesses) \
  CSAN_INTERFACE type name parameters {                             \
    accesses;                                                       \
    return real_##name() arguments;                                 \
  }

extern "C" {

CSAN_FORTIFIED(void*, __memcpy_chk, (void* to, const void* from, size_t size, size_t room),
               (to, from, size, room), Copies(CSAN_CALLER(), to, from, size))
CSAN_FORTIFIED(void*, __memmove_chk, (void* to, const void* from, size_t size, size_t room),
               (to, from, size, room), Copies(CSAN_CALLER(), to, from, size))
CSAN_FORTIFIED(void*, __mempcpy_chk, (void* to, const void* from, size_t size, size_t room),
               (to, from, size, room), Copies(CSAN_CALLER(), to, from, size))
CSAN_FORTIFIED(void*, __memset_chk, (void* to, int c, size_t size, size_t room),
               (to, c, size, room), CSAN_CALLER().Write(to, size))
CSAN_FORTIFIED(void, __explicit_bzero_chk, (void* to, size_t size, size_t room), (to, size, room),
               CSAN_CALLER().Write(to, size))
CSAN_FORTIFIED(char*, __strcpy_chk, (char* to, const char* from, size_t room), (to, from, room),
               CopiesString(CSAN_CALLER(), to, from))
CSAN_FORTIFIED(char*, __stpcpy_chk, (char* to, const char* from, size_t room), (to, from, room),
               CopiesString(CSAN_CALLER(), to, from))
CSAN_FORTIFIED(char*, __strcat_chk, (char* to, const char* from, size_t room), (to, from, room),
               Appends(CSAN_CALLER(), to, from))
CSAN_FORTIFIED(char*, __strncpy_chk, (char* to, const char* from, size_t size, size_t room),
               (to, from, size, room), CopiesPart(CSAN_CALLER(), to, from, size))
CSAN_FORTIFIED(char*, __stpncpy_chk, (char* to, const char* from, size_t size, size_t room),
               (to, from, size, room), CopiesPart(CSAN_CALLER(), to, from, size))
CSAN_FORTIFIED(char*, __strncat_chk, (char* to, const char* from, size_t size, size_t room),
               (to, from, size, room), Appends(CSAN_CALLER(), to, from, size))
}
