// How large a text is when it is compressed as gzip does, told while it is written.
#pragma once

#include <zlib.h>

#include "llvm/ADT/StringRef.h"

namespace csan::report {

class GzipSize {
 public:
  GzipSize() { ok_ = deflateInit(&stream_, Z_DEFAULT_COMPRESSION) == Z_OK; }
  ~GzipSize() { deflateEnd(&stream_); }
  GzipSize(const GzipSize&) = delete;
  GzipSize& operator=(const GzipSize&) = delete;

  void Add(llvm::StringRef text) {
    if (!ok_) return;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream_.avail_in = static_cast<uInt>(text.size());
    while (stream_.avail_in != 0) {
      Bytef out[1 << 14];
      stream_.next_out = out;
      stream_.avail_out = sizeof(out);
      deflate(&stream_, Z_NO_FLUSH);
    }
  }

  // Of what has been added, but for the last 64 KB or so of it.
  uint64_t Bytes() const { return stream_.total_out; }

 private:
  z_stream stream_ = {};
  bool ok_;
};

}  // namespace csan::report
