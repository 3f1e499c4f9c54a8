// Streams of the C library. It calls the kernel by inner names, so the order that a stream's
// descriptor makes (table.h) is told here: whatever may write is a release, whatever may read an acquire.
// The buffers that the caller passes are accesses of the caller. What it can miss: output that printf
// and its kin flush by themselves is not told; programs that hand data through a pipe call fflush.
#include <stdio.h>

#include "frontend/fd/table.h"
#include "frontend/libc/caller.h"
#include "frontend/real.h"
#include "sync/events.h"

CSAN_REAL(fread)
CSAN_REAL(fwrite)
CSAN_REAL(fgets)
CSAN_REAL(fputs)
CSAN_REAL(fflush)
CSAN_REAL(fclose)

using csan::StringLength;

extern "C" {

CSAN_INTERFACE size_t fread(void* to, size_t size, size_t count, FILE* stream) {
  csan::BeforeWait();
  const size_t got = real_fread()(to, size, count, stream);
  csan::AcquireFd(fileno(stream));
  CSAN_CALLER().Write(to, got * size);
  return got;
}
CSAN_INTERFACE size_t fwrite(const void* from, size_t size, size_t count, FILE* stream) {
  CSAN_CALLER().Read(from, size * count);
  csan::ReleaseFd(fileno(stream));
  csan::BeforeWait();
  return real_fwrite()(from, size, count, stream);
}
CSAN_INTERFACE char* fgets(char* to, int size, FILE* stream) {
  csan::BeforeWait();
  char* got = real_fgets()(to, size, stream);
  csan::AcquireFd(fileno(stream));
  if (got != nullptr) CSAN_CALLER().Write(to, StringLength(to) + 1);
  return got;
}
CSAN_INTERFACE int fputs(const char* from, FILE* stream) {
  CSAN_CALLER().Read(from, StringLength(from) + 1);
  csan::ReleaseFd(fileno(stream));
  csan::BeforeWait();
  return real_fputs()(from, stream);
}
CSAN_INTERFACE int fflush(FILE* stream) {
  if (stream != nullptr) csan::ReleaseFd(fileno(stream));
  csan::BeforeWait();
  return real_fflush()(stream);
}
CSAN_INTERFACE int fclose(FILE* stream) {
  csan::CloseNumber(fileno(stream));
  return real_fclose()(stream);
}
}
