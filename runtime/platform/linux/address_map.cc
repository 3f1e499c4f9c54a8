#include "platform/linux/address_map.h"

#include "abi/layout.h"
#include "platform/platform.h"

namespace csan {
namespace {

constexpr uptr kPage = 4096;

constexpr Window Plane(const Window& w, long offset) {
  return {(w.lo + static_cast<uptr>(offset)) & ~(kPage - 1),
          (w.hi + static_cast<uptr>(offset) + kPage - 1) & ~(kPage - 1)};
}

constexpr Window kPlanes[] = {
    Plane(kImageWindow, abi::kWriteOffset), Plane(kImageWindow, abi::kReadOffset),
    Plane(kOwnWindow, abi::kWriteOffset),   Plane(kOwnWindow, abi::kReadOffset),
    Plane(kMmapWindow, abi::kWriteOffset),  Plane(kMmapWindow, abi::kReadOffset),
};

constexpr bool Disjoint() {
  for (const Window& a : kPlanes) {
    for (const Window& b : kPlanes) {
      if (&a != &b && a.lo < b.hi && b.lo < a.hi) return false;
    }
    if (a.hi > kImageWindow.lo && a.lo < kImageWindow.hi) return false;
    if (a.hi > kOwnWindow.lo) return false;
    if (a.lo < kPage * 16) return false;
  }
  return true;
}
static_assert(Disjoint(), "shadow planes overlap each other or the program");

struct Collected {
  static constexpr u32 kMax = 4096;
  Window windows[kMax];
  u32 count;
};
constinit Collected collected = {};

bool Collect(const Mapping& m, void*) {
  if (collected.count < Collected::kMax) collected.windows[collected.count++] = {m.lo, m.hi};
  return true;
}

}  // namespace

MapChoice ChooseMap(const AddressSpace& space) {
  if (space.image < kImageWindow.lo / 2) return MapChoice::kNotPie;
  for (u32 i = 0; i < space.count; i++) {
    const Window& m = space.mappings[i];
    if (m.lo >= kMmapWindow.hi) continue;  // vsyscall
    if (HasShadow(m.lo, m.hi - m.lo)) continue;
    if (space.stack_unlimited) return MapChoice::kRestartWithStackLimit;
    return space.randomisation_off ? MapChoice::kNoFit : MapChoice::kRestartWithoutRandomisation;
  }
  return MapChoice::kFits;
}

void ReserveShadow() {
  ForEachMapping(Collect, nullptr);
  const AddressSpace space = {collected.windows, collected.count,
                              reinterpret_cast<uptr>(&ReserveShadow), StackLimit() == ~0ul,
                              RandomisationIsOff()};
  switch (ChooseMap(space)) {
    case MapChoice::kFits:
      break;
    case MapChoice::kRestartWithStackLimit:
      ReexecWithStackLimit(32 << 20);
      Die("an unlimited stack leaves no room for the shadow; use 'ulimit -s 32768'.");
    case MapChoice::kRestartWithoutRandomisation:
      ReexecWithoutRandomisation();
      Die("the address space is randomised too widely for the shadow and personality() is "
          "forbidden; run under 'setarch -R' or set vm.mmap_rnd_bits to 28.");
    case MapChoice::kNotPie:
      Die("this executable is not position independent; link it with csan-clang, which links PIE.");
    case MapChoice::kNoFit:
      Die("something is mapped where the shadow must go, even without address randomisation.");
  }
  for (const Window& plane : kPlanes) {
    if (TryMapFixed(plane.lo, plane.hi - plane.lo)) continue;
    DieWithoutAddressSpace("the shadow");
  }
}

}  // namespace csan
