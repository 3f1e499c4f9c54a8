// As the kernel handed them to the program; null until SetStartEnvironment.
#pragma once

namespace csan {

extern char** start_argv;
extern char** start_env;

}  // namespace csan
