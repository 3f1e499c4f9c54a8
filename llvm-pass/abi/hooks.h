// The hooks of abi.def declared for the runtime: a definition of another type does not compile.
#pragma once

namespace csan::abi {

using Void = void;
using Addr = unsigned long;
using Size = unsigned long;
using Bytes = void *;
using ConstBytes = const void *;
using Int = int;
using Order = int;
using U8 = unsigned char;
using U16 = unsigned short;
using U32 = unsigned int;
using U64 = unsigned long;
using U128 = unsigned __int128;
using U8Ptr = U8 *;
using U16Ptr = U16 *;
using U32Ptr = U32 *;
using U64Ptr = U64 *;
using U128Ptr = U128 *;

extern "C" {
#define CSAN_HOOK(Result, Name, ...)                                                               \
  __attribute__((visibility("default"))) Result Name(__VA_ARGS__);
#define CSAN_COLD_HOOK(Name, ...)                                                                  \
  __attribute__((visibility("default"), preserve_all)) void Name(__VA_ARGS__);
#include "abi/abi.def"
#undef CSAN_HOOK
#undef CSAN_COLD_HOOK
}

} // namespace csan::abi
