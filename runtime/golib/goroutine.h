// A goroutine: lies at the top of its own stack.
#pragma once

#include <boost/context/detail/fcontext.hpp>
#include <cstdint>
#include <memory>
#include <string_view>

#include <csan/go/goroutine.h>

#include "hooks.h"
#include "party.h"
#include "stack.h"

namespace csan::inline go_v1::internal {

class Goroutine {
 public:
  // `creator` is where in the program.
  static Goroutine* Create(std::unique_ptr<Task> task, std::string_view name, const void* creator);
  // Of one that has ended, from another stack.
  static void Destroy(Goroutine* ended);

  static std::uint64_t Count();

  Party& party() { return party_; }
  std::uint64_t id() const { return id_; }

  Goroutine* next = nullptr;  // in a queue

 private:
  friend class Carrier;
  Goroutine(Stack stack, std::string_view name, const void* creator);

  static void Enter(boost::context::detail::transfer_t from);
  void Run() noexcept;
  // "goroutine 17 'worker', created at main+0x40"
  void Describe(char* text, std::size_t size) const;
  [[noreturn]] void Die(const char* what) const;

  Party party_{this};
  boost::context::detail::fcontext_t context_ = nullptr;  // while it does not run
  hooks::Actor actor_;
  Stack stack_;
  std::unique_ptr<Task> task_;
  const void* creator_;
  std::uint64_t id_;
  char name_[32];
};

}  // namespace csan::inline go_v1::internal
