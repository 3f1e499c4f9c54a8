// Streams of the C library. It calls the kernel by inner names, so the order that a stream's
// descriptor makes (table.h) is told here: whatever may write is a release, whatever may read an acquire.
// The buffers that the caller passes are accesses of the caller. Characters and formatted text are told for
// streams on pipes and sockets only: they may leave without fflush there, and a terminal orders nobody.
#define __NO_INLINE__ 1  // <stdio.h> defines some of these inline
#include <stdarg.h>
#include <stdio.h>

#include "detect/misuse/unsafe_call.h"
#include "frontend/fd/table.h"
#include "frontend/libc/format.h"
#include "frontend/libc/text.h"
#include "frontend/real.h"
#include "sync/events.h"

// What _FORTIFY_SOURCE and the inline functions of <stdio.h> call.
extern "C" {
size_t __fread_chk(void* to, size_t room, size_t size, size_t count, FILE* stream);
size_t __fread_unlocked_chk(void* to, size_t room, size_t size, size_t count, FILE* stream);
char* __fgets_chk(char* to, size_t room, int size, FILE* stream);
char* __fgets_unlocked_chk(char* to, size_t room, int size, FILE* stream);
int __vfprintf_chk(FILE* stream, int flag, const char* format, va_list list);
int __isoc99_vfscanf(FILE* stream, const char* format, va_list list);
int __isoc99_vscanf(const char* format, va_list list);
// <stdio.h> means those of C99 by these names.
int csan_gnu_vfscanf(FILE* stream, const char* format, va_list list) __asm__("vfscanf");
int csan_gnu_vscanf(const char* format, va_list list) __asm__("vscanf");
int csan_gnu_fscanf(FILE* stream, const char* format, ...) __asm__("fscanf");
int csan_gnu_scanf(const char* format, ...) __asm__("scanf");
}

CSAN_REAL(__fread_chk)
CSAN_REAL(__fread_unlocked_chk)
CSAN_REAL(__fgets_chk)
CSAN_REAL(__fgets_unlocked_chk)
CSAN_REAL(__vfprintf_chk)
CSAN_REAL(__isoc99_vfscanf)
CSAN_REAL(vfscanf)
CSAN_REAL(__getdelim)
CSAN_REAL(__uflow)
CSAN_REAL(__overflow)
CSAN_REAL(fread_unlocked)
CSAN_REAL(fwrite_unlocked)
CSAN_REAL(fgets_unlocked)
CSAN_REAL(fputs_unlocked)
CSAN_REAL(fgetc)
CSAN_REAL(fputc)
CSAN_REAL(puts)
CSAN_REAL(vfprintf)
CSAN_REAL(fread)
CSAN_REAL(fwrite)
CSAN_REAL(fgets)
CSAN_REAL(fputs)
CSAN_REAL(fflush)
CSAN_REAL(fclose)

namespace {

using csan::Caller;
using csan::StringLength;

// Characters and formatted text.
void BeforePut(FILE* stream) {
  const int fd = fileno(stream);
  if (csan::CarriesMessages(fd)) csan::ReleaseFd(fd);
  csan::BeforeWait();
}
int AfterGet(int got, FILE* stream) {
  const int fd = fileno(stream);
  if (csan::CarriesMessages(fd)) csan::AcquireFd(fd);
  return got;
}

// Blocks and lines.
void BeforeWrite(const Caller& caller, const void* from, size_t size, FILE* stream) {
  caller.Read(from, size);
  csan::ReleaseFd(fileno(stream));
  csan::BeforeWait();
}
size_t AfterRead(const Caller& caller, size_t got, void* to, size_t size, FILE* stream) {
  csan::AcquireFd(fileno(stream));
  caller.Write(to, got * size);
  return got;
}
char* AfterLine(const Caller& caller, char* got, FILE* stream) {
  csan::AcquireFd(fileno(stream));
  if (got != nullptr) caller.Write(got, StringLength(got) + 1);
  return got;
}

ssize_t Line(const Caller& caller, char** line, size_t* room, int end, FILE* stream) {
  csan::BeforeWait();
  const ssize_t got = real___getdelim()(line, room, end, stream);
  csan::AcquireFd(fileno(stream));
  if (got >= 0) caller.Write(*line, static_cast<size_t>(got) + 1);
  return got;
}

int Print(const Caller& caller, FILE* stream, const char* format, va_list list) {
  csan::PrintsArguments(caller, format, list);
  BeforePut(stream);
  return real_vfprintf()(stream, format, list);
}
int PrintChecked(const Caller& caller, FILE* stream, int flag, const char* format, va_list list) {
  csan::PrintsArguments(caller, format, list);
  BeforePut(stream);
  return real___vfprintf_chk()(stream, flag, format, list);
}
int Scan(const Caller& caller, bool gnu, FILE* stream, const char* format, va_list list) {
  va_list stored;
  va_copy(stored, list);
  csan::BeforeWait();
  const int count = (gnu ? real_vfscanf() : real___isoc99_vfscanf())(stream, format, list);
  AfterGet(count, stream);
  csan::StoresArguments(caller, format, count, gnu, stored);
  va_end(stored);
  return count;
}

}  // namespace

#define CSAN_READ_BLOCK(name, parameters, arguments)                            \
  CSAN_INTERFACE size_t name parameters {                                       \
    csan::BeforeWait();                                                         \
    return AfterRead(CSAN_CALLER(), real_##name() arguments, to, size, stream); \
  }
#define CSAN_READ_LINE(name, parameters, arguments)                   \
  CSAN_INTERFACE char* name parameters {                              \
    csan::BeforeWait();                                               \
    return AfterLine(CSAN_CALLER(), real_##name() arguments, stream); \
  }
#define CSAN_WRITE_BLOCK(name)                                                            \
  CSAN_INTERFACE size_t name(const void* from, size_t size, size_t count, FILE* stream) { \
    const csan::UnsafeCall unsafe(#name, CSAN_CALLER_PC());                               \
    BeforeWrite(CSAN_CALLER(), from, size * count, stream);                               \
    return real_##name()(from, size, count, stream);                                      \
  }
#define CSAN_WRITE_STRING(name)                                       \
  CSAN_INTERFACE int name(const char* from, FILE* stream) {           \
    const csan::UnsafeCall unsafe(#name, CSAN_CALLER_PC());           \
    BeforeWrite(CSAN_CALLER(), from, StringLength(from) + 1, stream); \
    return real_##name()(from, stream);                               \
  }

// CSAN_LISTED, of a function that is not async-signal-safe.
#define CSAN_UNSAFE_LISTED(name, text, parameters, last, call) \
  CSAN_INTERFACE int name parameters {                         \
    const csan::UnsafeCall unsafe(text, CSAN_CALLER_PC());     \
    va_list list;                                              \
    va_start(list, last);                                      \
    const int result = call;                                   \
    va_end(list);                                              \
    return result;                                             \
  }

extern "C" {

CSAN_READ_BLOCK(fread, (void* to, size_t size, size_t count, FILE* stream),
                (to, size, count, stream))
CSAN_READ_BLOCK(fread_unlocked, (void* to, size_t size, size_t count, FILE* stream),
                (to, size, count, stream))
CSAN_READ_BLOCK(__fread_chk, (void* to, size_t room, size_t size, size_t count, FILE* stream),
                (to, room, size, count, stream))
CSAN_READ_BLOCK(__fread_unlocked_chk,
                (void* to, size_t room, size_t size, size_t count, FILE* stream),
                (to, room, size, count, stream))
CSAN_READ_LINE(fgets, (char* to, int size, FILE* stream), (to, size, stream))
CSAN_READ_LINE(fgets_unlocked, (char* to, int size, FILE* stream), (to, size, stream))
CSAN_READ_LINE(__fgets_chk, (char* to, size_t room, int size, FILE* stream),
               (to, room, size, stream))
CSAN_READ_LINE(__fgets_unlocked_chk, (char* to, size_t room, int size, FILE* stream),
               (to, room, size, stream))
CSAN_WRITE_BLOCK(fwrite)
CSAN_WRITE_BLOCK(fwrite_unlocked)
CSAN_WRITE_STRING(fputs)
CSAN_WRITE_STRING(fputs_unlocked)

CSAN_INTERFACE ssize_t getline(char** line, size_t* room, FILE* stream) {
  return Line(CSAN_CALLER(), line, room, '\n', stream);
}
CSAN_INTERFACE ssize_t getdelim(char** line, size_t* room, int end, FILE* stream) {
  return Line(CSAN_CALLER(), line, room, end, stream);
}
CSAN_INTERFACE ssize_t __getdelim(char** line, size_t* room, int end, FILE* stream) {
  return Line(CSAN_CALLER(), line, room, end, stream);
}

CSAN_INTERFACE int fgetc(FILE* stream) {
  csan::BeforeWait();
  return AfterGet(real_fgetc()(stream), stream);
}
CSAN_INTERFACE int getc(FILE* stream) {
  csan::BeforeWait();
  return AfterGet(real_fgetc()(stream), stream);
}
CSAN_INTERFACE int getchar() {
  csan::BeforeWait();
  return AfterGet(real_fgetc()(stdin), stdin);
}
// Of the unlocked ones only those calls are seen that find the buffer empty, or full.
CSAN_INTERFACE int __uflow(FILE* stream) {
  csan::BeforeWait();
  return AfterGet(real___uflow()(stream), stream);
}
CSAN_INTERFACE int fputc(int c, FILE* stream) {
  const csan::UnsafeCall unsafe("fputc", CSAN_CALLER_PC());
  BeforePut(stream);
  return real_fputc()(c, stream);
}
CSAN_INTERFACE int putc(int c, FILE* stream) {
  const csan::UnsafeCall unsafe("putc", CSAN_CALLER_PC());
  BeforePut(stream);
  return real_fputc()(c, stream);
}
CSAN_INTERFACE int putchar(int c) {
  const csan::UnsafeCall unsafe("putchar", CSAN_CALLER_PC());
  BeforePut(stdout);
  return real_fputc()(c, stdout);
}
CSAN_INTERFACE int __overflow(FILE* stream, int c) {
  BeforePut(stream);
  return real___overflow()(stream, c);
}
CSAN_INTERFACE int puts(const char* from) {
  const csan::UnsafeCall unsafe("puts", CSAN_CALLER_PC());
  CSAN_CALLER().Read(from, StringLength(from) + 1);
  BeforePut(stdout);
  return real_puts()(from);
}

CSAN_INTERFACE int vfprintf(FILE* stream, const char* format, va_list list) {
  const csan::UnsafeCall unsafe("vfprintf", CSAN_CALLER_PC());
  return Print(CSAN_CALLER(), stream, format, list);
}
CSAN_INTERFACE int vprintf(const char* format, va_list list) {
  const csan::UnsafeCall unsafe("vprintf", CSAN_CALLER_PC());
  return Print(CSAN_CALLER(), stdout, format, list);
}
CSAN_UNSAFE_LISTED(fprintf, "fprintf", (FILE * stream, const char* format, ...), format,
                   Print(CSAN_CALLER(), stream, format, list))
CSAN_UNSAFE_LISTED(printf, "printf", (const char* format, ...), format,
                   Print(CSAN_CALLER(), stdout, format, list))
CSAN_INTERFACE int __vfprintf_chk(FILE* stream, int flag, const char* format, va_list list) {
  const csan::UnsafeCall unsafe("vfprintf", CSAN_CALLER_PC());
  return PrintChecked(CSAN_CALLER(), stream, flag, format, list);
}
CSAN_INTERFACE int __vprintf_chk(int flag, const char* format, va_list list) {
  const csan::UnsafeCall unsafe("vprintf", CSAN_CALLER_PC());
  return PrintChecked(CSAN_CALLER(), stdout, flag, format, list);
}
CSAN_UNSAFE_LISTED(__fprintf_chk, "fprintf", (FILE * stream, int flag, const char* format, ...),
                   format, PrintChecked(CSAN_CALLER(), stream, flag, format, list))
CSAN_UNSAFE_LISTED(__printf_chk, "printf", (int flag, const char* format, ...), format,
                   PrintChecked(CSAN_CALLER(), stdout, flag, format, list))

CSAN_INTERFACE int __isoc99_vfscanf(FILE* stream, const char* format, va_list list) {
  return Scan(CSAN_CALLER(), false, stream, format, list);
}
CSAN_LISTED(__isoc99_fscanf, (FILE * stream, const char* format, ...), format,
            Scan(CSAN_CALLER(), false, stream, format, list))
CSAN_LISTED(__isoc99_scanf, (const char* format, ...), format,
            Scan(CSAN_CALLER(), false, stdin, format, list))

CSAN_INTERFACE int __isoc99_vscanf(const char* format, va_list list) {
  return Scan(CSAN_CALLER(), false, stdin, format, list);
}
// Of the GNU dialect.
CSAN_INTERFACE int csan_gnu_vfscanf(FILE* stream, const char* format, va_list list) {
  return Scan(CSAN_CALLER(), true, stream, format, list);
}
CSAN_INTERFACE int csan_gnu_vscanf(const char* format, va_list list) {
  return Scan(CSAN_CALLER(), true, stdin, format, list);
}
CSAN_LISTED(csan_gnu_fscanf, (FILE * stream, const char* format, ...), format,
            Scan(CSAN_CALLER(), true, stream, format, list))
CSAN_LISTED(csan_gnu_scanf, (const char* format, ...), format,
            Scan(CSAN_CALLER(), true, stdin, format, list))

CSAN_INTERFACE int fflush(FILE* stream) {
  const csan::UnsafeCall unsafe("fflush", CSAN_CALLER_PC());
  if (stream != nullptr) csan::ReleaseFd(fileno(stream));
  csan::BeforeWait();
  return real_fflush()(stream);
}
CSAN_INTERFACE int fclose(FILE* stream) {
  csan::CloseNumber(fileno(stream));
  return real_fclose()(stream);
}
}
