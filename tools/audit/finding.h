// What checks tell: a place, a sentence about it, and further places that explain it.
#pragma once

#include <string>
#include <vector>

#include "facts.h"

namespace csan::audit {

enum class Kind : uint8_t {
#define CSAN_CHECK(kind, name, function, title, fix) kind,
#include "checks.def"
#undef CSAN_CHECK
};

struct Place {
  const clang::Stmt* at;
  const Body* in;
  std::string what;  // "'mutex' is locked here"
};

struct Found {
  std::string object;  // the variable's name: part of the fingerprint
  Place main;
  std::vector<Place> others;
};

using Findings = std::vector<Found>;

// Looks at one unit; one function a file, named in checks.def.
#define CSAN_CHECK(kind, name, function, title, fix) Findings function(const Unit& unit);
#include "checks.def"
#undef CSAN_CHECK

// "'mutex'", or `otherwise` for what has no name.
std::string Quote(const clang::ValueDecl* decl, const char* otherwise);

}  // namespace csan::audit
