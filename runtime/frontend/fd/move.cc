// Calls that move data from one descriptor to another within the kernel: who wrote the source is ordered
// before who reads the target (table.h). The caller's memory is touched by vmsplice alone.
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

#include "frontend/fd/table.h"
#include "frontend/libc/caller.h"
#include "frontend/real.h"
#include "sync/events.h"

CSAN_REAL(splice)
CSAN_REAL(tee)
CSAN_REAL(vmsplice)
CSAN_REAL(sendfile)
CSAN_REAL(sendfile64)
CSAN_REAL(copy_file_range)
CSAN_REAL(fcntl)

namespace {

template <typename Call>
ssize_t Move(int to, int from, Call call) {
  csan::BeforeFeed(to, from);
  csan::BeforeWait();
  const ssize_t moved = call();
  if (moved > 0) csan::AfterFeed(to, from);
  return moved;
}

}  // namespace

extern "C" {

CSAN_INTERFACE ssize_t splice(int from, off64_t* from_at, int to, off64_t* to_at, size_t size,
                              unsigned flags) {
  return Move(to, from, [=] { return real_splice()(from, from_at, to, to_at, size, flags); });
}
CSAN_INTERFACE ssize_t tee(int from, int to, size_t size, unsigned flags) {
  return Move(to, from, [=] { return real_tee()(from, to, size, flags); });
}
CSAN_INTERFACE ssize_t sendfile(int to, int from, off_t* at, size_t size) noexcept {
  return Move(to, from, [=] { return real_sendfile()(to, from, at, size); });
}
CSAN_INTERFACE ssize_t sendfile64(int to, int from, off64_t* at, size_t size) noexcept {
  return Move(to, from, [=] { return real_sendfile64()(to, from, at, size); });
}
CSAN_INTERFACE ssize_t copy_file_range(int from, off64_t* from_at, int to, off64_t* to_at,
                                       size_t size, unsigned flags) {
  return Move(to, from,
              [=] { return real_copy_file_range()(from, from_at, to, to_at, size, flags); });
}

// Into a pipe or, at its reading end, out of it.
CSAN_INTERFACE ssize_t vmsplice(int fd, const iovec* vector, size_t count, unsigned flags) {
  const csan::Caller caller = CSAN_CALLER();
  const bool reads = (real_fcntl()(fd, F_GETFL) & O_ACCMODE) == O_RDONLY;
  if (!reads) {
    for (size_t i = 0; i < count; i++) caller.Read(vector[i].iov_base, vector[i].iov_len);
    csan::ReleaseFd(fd);
  }
  csan::BeforeWait();
  const ssize_t moved = real_vmsplice()(fd, vector, count, flags);
  if (moved <= 0 || !reads) return moved;
  csan::AcquireFd(fd);
  auto left = static_cast<csan::uptr>(moved);
  for (size_t i = 0; i < count && left != 0; i++) {
    const csan::uptr n = vector[i].iov_len < left ? vector[i].iov_len : left;
    caller.Write(vector[i].iov_base, n);
    left -= n;
  }
  return moved;
}
}
