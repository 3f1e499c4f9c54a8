// Where the shadow planes go, and what to do when they do not fit.
//
// The distances are constants in the instrumented code. Measured against a distance loaded at start
// and kept in a register, constants are as fast and need nothing to be loaded or spilled, and they
// hold for every layout the kernel makes with 28 bits of mmap randomisation: the image of a
// position-independent executable at 0x55…-0x59…, everything else at 0x7a…-0x7f…, the 4 TiB that the
// heap reserves below the libraries included. With 29 to 32 bits the layout may leave these windows;
// then the program is started again without randomisation. With an unlimited stack the kernel maps
// from the bottom up, into the planes: started again with a limit.
// Executables that are not position independent lie at 0x400000, out of reach of an added constant
// (an exclusive or would reach them, at one more instruction in each check); the driver links PIE.
#pragma once

#include "base/types.h"

namespace csan {

struct Window {
  uptr lo, hi;
  constexpr bool Holds(uptr addr) const { return addr >= lo && addr < hi; }
};
constexpr Window kImageWindow = {0x551000000000, 0x5A0000000000};
// The runtime's own memory, where the kernel puts nothing by itself, not even with 32 bits: a program may map
// again, at a fixed address, what it has unmapped or moved away, and must not meet us there. It has a shadow
// because callbacks of the program read the reports in it.
constexpr Window kOwnWindow = {0x660000000000, 0x680000000000};
constexpr Window kMmapWindow = {0x7A0000000000, 0x800000000000};

// Addresses that have a shadow: the executable's image, and everything the kernel maps below the
// stack. Others (vsyscall, wild pointers about to fault) are not looked at.
constexpr bool HasShadow(uptr addr) {
  return kImageWindow.Holds(addr) || kMmapWindow.Holds(addr) || kOwnWindow.Holds(addr);
}
// All of a range that is not empty.
constexpr bool HasShadow(uptr lo, uptr size) {
  const uptr last = lo + size - 1;
  return (kImageWindow.Holds(lo) && kImageWindow.Holds(last)) ||
         (kMmapWindow.Holds(lo) && kMmapWindow.Holds(last)) ||
         (kOwnWindow.Holds(lo) && kOwnWindow.Holds(last));
}

enum class MapChoice : u8 {
  kFits,
  kRestartWithStackLimit,
  kRestartWithoutRandomisation,
  kNotPie,
  kNoFit,
};

// What is known of the address space: the program's mappings and how it was started.
struct AddressSpace {
  const Window* mappings;
  u32 count;
  uptr image;  // any address in the main executable
  bool stack_unlimited;
  bool randomisation_off;
};

MapChoice ChooseMap(const AddressSpace& space);

// Reserves both planes of all windows, or starts the program again, or ends it with one sentence.
void ReserveShadow();

}  // namespace csan
