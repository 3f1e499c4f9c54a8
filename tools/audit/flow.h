// How a body runs: its control flow graph (clang's), which locks are held where, and whether there is a
// way from one place to the body's end around others.
#pragma once

#include <functional>
#include <vector>

#include "facts.h"

namespace csan::audit {

// Null where clang cannot build it.
const clang::CFG* Flow(const Unit& unit, const Body& body);

// The kLock or kGuard of each lock that is held, in the order of the source.
using Held = std::vector<const Use*>;
// Calls `visit` for each use in the order of the graph, with what is certainly held before it: taken on
// every way there, and not given up since. Functions that do nothing but lock or unlock count as that.
void WalkHeld(const Unit& unit, const Body& body,
              const std::function<void(const Use&, const Held&)>& visit);

// Whether a way leads from right after `from` to the end of the body on which `stops` is true of no
// statement. A loop that holds such a statement counts as one: how often it runs is not known. Ways out by
// exceptions are not looked at.
bool LeadsOut(const Unit& unit, const Body& body, const clang::Stmt* from,
              const std::function<bool(const clang::Stmt*)>& stops,
              const std::function<bool(const clang::VarDecl*)>& stops_at_end_of);

// Whether `outer` is `inner` or holds it.
bool Holds(const clang::Stmt* outer, const clang::Stmt* inner);

}  // namespace csan::audit
