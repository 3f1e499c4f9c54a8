// Included before everything in every file of the runtime: puts its functions into one section, so
// that a signal handler can tell whether it has interrupted the runtime (frontend/signal/). The
// linker defines both names.
#pragma once

#pragma clang section text = "csan_text"

extern "C" __attribute__((visibility("hidden"))) const char __start_csan_text[];
extern "C" __attribute__((visibility("hidden"))) const char __stop_csan_text[];
