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

// How a call ended.
constexpr int kNotDone = 0; // it failed, or an exception came
constexpr int kDone = 1;

} // namespace csan::abi
