// The atomic operations of <sanitizer/tsan_interface_atomic.h>, which -fsanitize=thread calls: ours
// under other names, with return addresses left as they are.
#include "frontend/tsan/stock.h"

namespace {

// gcc marks the orders of __sync builtins and of lock elision above these bits.
constexpr int kOrder = 0x7fff;

int OrderOf(int order) {
  if (CSAN_UNLIKELY(!csan::fences_used)) csan::fences_used = true;
  return order & kOrder;
}

}  // namespace

using namespace csan::abi;

#define CSAN_STOCK_RMW(bits, name)                                                             \
  CSAN_INTERFACE U##bits __tsan_atomic##bits##_##name(U##bits* at, U##bits value, int order) { \
    [[clang::musttail]] return __csan_atomic##bits##_##name(at, value, OrderOf(order));        \
  }
// In access/atomic.cc. They say whether the value was exchanged, and what it was.
#define CSAN_STOCK_EXCHANGE(bits, name)                                           \
  CSAN_INTERFACE bool __tsan_atomic##bits##_compare_exchange_##name(              \
      U##bits* at, U##bits* expected, U##bits desired, int order, int failure) {  \
    const U##bits wanted = *expected;                                             \
    const U##bits seen = csan_atomic##bits##_compare_exchange_at(                 \
        at, wanted, desired, OrderOf(order), OrderOf(failure), CSAN_CALLER_PC()); \
    if (seen != wanted) *expected = seen;                                         \
    return seen == wanted;                                                        \
  }
#define CSAN_STOCK_ATOMIC(bits)                                                                   \
  U##bits csan_atomic##bits##_compare_exchange_at(U##bits* at, U##bits expected, U##bits desired, \
                                                  int order, int failure, csan::uptr pc);         \
  CSAN_INTERFACE U##bits __tsan_atomic##bits##_load(U##bits* at, int order) {                     \
    [[clang::musttail]] return __csan_atomic##bits##_load(at, OrderOf(order));                    \
  }                                                                                               \
  CSAN_INTERFACE void __tsan_atomic##bits##_store(U##bits* at, U##bits value, int order) {        \
    [[clang::musttail]] return __csan_atomic##bits##_store(at, value, OrderOf(order));            \
  }                                                                                               \
  CSAN_STOCK_RMW(bits, exchange)                                                                  \
  CSAN_STOCK_RMW(bits, fetch_add)                                                                 \
  CSAN_STOCK_RMW(bits, fetch_sub)                                                                 \
  CSAN_STOCK_RMW(bits, fetch_and)                                                                 \
  CSAN_STOCK_RMW(bits, fetch_or)                                                                  \
  CSAN_STOCK_RMW(bits, fetch_xor)                                                                 \
  CSAN_STOCK_RMW(bits, fetch_nand)                                                                \
  CSAN_INTERFACE U##bits __tsan_atomic##bits##_compare_exchange_val(                              \
      U##bits* at, U##bits expected, U##bits desired, int order, int failure) {                   \
    [[clang::musttail]] return __csan_atomic##bits##_compare_exchange(                            \
        at, expected, desired, OrderOf(order), OrderOf(failure));                                 \
  }                                                                                               \
  CSAN_STOCK_EXCHANGE(bits, strong)                                                               \
  CSAN_STOCK_EXCHANGE(bits, weak)

extern "C" {
CSAN_STOCK_ATOMIC(8)
CSAN_STOCK_ATOMIC(16)
CSAN_STOCK_ATOMIC(32)
CSAN_STOCK_ATOMIC(64)
CSAN_STOCK_ATOMIC(128)

CSAN_INTERFACE void __tsan_atomic_thread_fence(int order) { __csan_atomic_fence(OrderOf(order)); }
CSAN_INTERFACE void __tsan_atomic_signal_fence(int) { __atomic_signal_fence(__ATOMIC_SEQ_CST); }
}
