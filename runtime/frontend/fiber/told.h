// Whether the program has told of the switch that comes next by ThreadSanitizer's interface. Then who
// runs, its shadow stack and the order have changed already.
#pragma once

#include "platform/x86_64/tcb.h"

namespace csan {

inline void TellSwitch() { WriteTcb64<abi::kTlsSwitchTold>(1); }
inline bool SwitchTold() { return ReadTcb64<abi::kTlsSwitchTold>() != 0; }
// Of the switch that is being made; the next has to be told of again.
inline bool TakeToldSwitch() {
  if (!SwitchTold()) return false;
  WriteTcb64<abi::kTlsSwitchTold>(0);
  return true;
}

}  // namespace csan
