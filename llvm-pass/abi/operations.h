// What a hook of a model's call is told: the operation in the low byte, and how it is to be taken.
#pragma once

namespace csan::abi {

enum class Operation : unsigned {
#define CSAN_OPERATION(Id, ...) k##Id,
#include "abi/operations.def"
#undef CSAN_OPERATION
};

constexpr unsigned kOperationMask = 0xff;
constexpr unsigned kInsideIgnored = 0x100; // accesses of the call itself are not checked

// Of the channel that is made, as in <csan/annotate.h>.
constexpr unsigned kLenient = 0x200;
constexpr unsigned kMustDrain = 0x400;
constexpr unsigned kMayDrop = 0x1000;
// The lock is held by a fiber, not by its thread.
constexpr unsigned kFibersHold = 0x2000;
// Nobody looks at what the call returns.
constexpr unsigned kResultUnused = 0x800;

// What a case of a select does; a word has so many.
enum class Case : unsigned { kReceive, kSend, kWait };
constexpr unsigned kCaseBits = 2;
constexpr unsigned kCasesMax = 32;

// How a call ended.
constexpr int kNotDone = 0; // it failed, or an exception came
constexpr int kDone = 1;
constexpr int kClosed = 2; // it found the channel closed

} // namespace csan::abi
